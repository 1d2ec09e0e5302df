"""The steps, one a file; `revision` and `down_revision` say which follows which."""
