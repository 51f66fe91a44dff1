"""The workbench: a local web application over a folder, which a small team uses daily (`detente serve`).

What stands where, each part knowing only those above it:

    folder.py      Folder: the workspace on disk; no path leaves it, no link is followed
    store/         what is kept: Database (SQLite or PostgreSQL), Versions (every change, undo, conflicts), Audit
    access/        Person, Access (sessions and accounts), Guard (before every route), limits, the door
    jobs/          Jobs: long work in processes of its own; TASKS: what can be asked of them, by the names of the commands;
                   Desk: a process that reads and changes texts, so that pages do not wait for saves
    bench.py       Workbench: all of these together, as every request sees them; `Bench` and `Who` for routes
    api/           JSON, with the names of `--json`; one router a module
    pages/         HTML; one router a module, `render` for templates, which stand in pages/templates
    static/        style and scripts
    app.py         make_app: the routers put together behind the guard; a new router is one more line there
    begin.py       how `detente serve` begins
    listening.py   the socket, certificates, signals

A route takes the workbench and who asks as parameters, and nothing else of the application:

    @router.get("/cases/{slug}")
    def show_case(request: Request, slug: str, bench: Bench, who: Who) -> Response:
        version = bench.case(slug)                      # of its file: content, revision, author, at, reason
        return render(request, "case.html.j2", version=version)

    bench.versions.save(path, text, base=revision, author=who.name, reason=...)      -> Version, or raises ConflictError
    bench.versions.change(version, {"parties.us.trust.dprk": 0.3}, author=..., reason=...)         -> the same, entry by entry
    bench.versions.history(path), .undo(path, ...), .redo(path, ...), .restore(path, revision, ...), .asides(path)
    bench.jobs.start("plan", slug, text, options, author=who.name)                   -> Job; the same question twice: one job
    bench.jobs.latest("plan", slug)                                                  -> Job with `result`, None if none is done

Addresses: `/`, `/cases/SLUG` and what belongs to it below (`/cases/SLUG/roadmap`), `/jobs/ID`; the same under `/api`. A party's
own pages stand under `/mine/`, which is all that the role *party* reaches; what only an admin may do, under `/admin/` and
`/api/admin/`. A change is a POST, PUT, PATCH or DELETE, and brings the token of its session in the header X-CSRF-Token, or in
a form in the field `csrf`; in a template `csrf` holds it. Templates have no inline style or script: the policy forbids them.
"""
