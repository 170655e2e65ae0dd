"""The only place that knows how Pulumi calls us."""
