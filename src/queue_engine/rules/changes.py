"""Amendments of a local file → changes: what they do, to what, and what they put there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from queue_engine.rules.model import Change, Item, NamedTerm
from queue_engine.rules.reading import PartReader
from queue_engine.rules.shape import CHANGE_KEYS, RELATIONS, RESERVE_KEYS, STEP_KINDS, TERM_KEYS, VERBS
from queue_engine.rules.source import Node


@attrs.define(eq=False)
class ChangeReader(PartReader):
    """Reads the changes of a local file; the terms it adds are known from then on."""

    def change(self, node: Node) -> Change | None:
        """Return one amendment, or None when it does not say what it does."""
        keys = self.source.mapping(node, "a change", required=CHANGE_KEYS[0], optional=CHANGE_KEYS[1])
        verbs = [verb for verb in VERBS if verb in keys]
        if len(verbs) != 1:
            self.source.report("Q007", node, f"a change does exactly one of: {', '.join(VERBS)}", width=1)
            return None
        verb = verbs[0]
        relations = [word for word in RELATIONS if word in keys]
        wanted = {"add": RELATIONS, "move": ("after", "before")}.get(verb, ())
        if len(relations) != bool(wanted) or not set(relations) <= set(wanted):
            where = f"needs exactly one of: {', '.join(wanted)}" if wanted else "has no into, after or before"
            self.source.report("Q005", node, f"'{verb}' {where}", remedy="say where, once", width=1)
            return None
        if ("with" in keys) != (verb == "replace"):
            self.source.report(
                "Q005", node, "'with' belongs to 'replace', and only to it", remedy="replace: ID, with: …", width=1
            )
            return None
        body = keys.get("add") or keys.get("with")
        anchor = self.source.scalar(keys.get(relations[0]), relations[0]).strip() if relations else ""
        target = "" if verb == "add" else self.source.scalar(keys[verb], verb).strip()
        return Change(
            verb,
            target,
            None if body is None else self.ties(body) if target == "ties" else self._item(body, anchor or target),
            relations[0] if relations else "",
            anchor,
            self.bases(keys.get("basis")),
            self.period(keys.get("in_force")),
            self.source.place(keys[verb] if verb != "add" else node),
            self.source.place(keys[relations[0]] if relations else keys[verb]),
            self.level,
        )

    def _item(self, node: Node, anchor: str) -> Item | None:
        """Return what a change adds, told by its keys: a step, a group, a reserve, a term or a ground."""
        keys = self.source.pairs(node, "what is added")
        readers: list[tuple[tuple[str, ...], Callable[[Node], Item]]] = [
            (tuple(RESERVE_KEYS), self.reserve),
            (STEP_KINDS, self.step),
            (("grounds", "everyone_else"), self.group),
        ]
        for marks, read in readers:
            if set(marks) & set(keys):
                return read(node)
        if anchor == "terms" or anchor.startswith("terms."):
            return self._added_term(node, keys)
        if "when" in keys:
            return self.ground(node)
        message = (
            f"what is added is a step, a group, a ground, a reserve or a term; found {', '.join(keys) or 'nothing'}"
        )
        self.source.report("Q007", node, message, remedy="look at the same part in the file above", width=1)
        return None

    def _added_term(self, node: Node, keys: Mapping[str, tuple[Node, Node]]) -> NamedTerm | None:
        parts = self.source.mapping(node, "an added term", required=("id", *TERM_KEYS[0]), optional=TERM_KEYS[1])
        if "id" not in parts:
            return None
        name = self.id(keys["id"][1])
        when, place = self.condition(parts.get("when"))
        made = NamedTerm(
            name, self.title(parts.get("title")), when, self.bases(parts.get("basis")), self.source.place(node), place
        )
        self.terms[name] = made
        return made
