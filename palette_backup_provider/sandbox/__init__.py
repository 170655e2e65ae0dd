"""Stand-ins for Palette and the clouds, for tests, demos and trying things out.

Every server of the sandbox listens on 127.0.0.1 and stands behind the same `Proxy`, which counts
calls and injects faults. Nothing is kept: state lives in memory and is gone with the process.
`run.Sandbox` puts the parts together; nothing that ships in a provider imports this package.
"""
