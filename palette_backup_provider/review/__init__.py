"""What a reviewer of a pull request has to decide, read off what `pulumi preview --json` prints.

`reading` makes a `Preview` of a file. `changes` holds the old inputs of each resource against the
new ones. `judging` asks the rules of each resource's type what a change means, and a folder a
service has these rules. `report` folds resources into rows by component. `markdown`, `text` and
`as_json` show the report.

Nothing here calls a service, imports an SDK, or names a service outside of its folder.
"""
