"""Long work in processes of its own: what can be asked (`tasks`), who does it (`worker`), who minds it (`jobs`)."""
