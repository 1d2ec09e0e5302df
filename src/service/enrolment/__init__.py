"""The queues over HTTP: the one package where the engine and the database meet."""
