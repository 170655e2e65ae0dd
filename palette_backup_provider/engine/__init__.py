"""Both adapters to Pulumi, and the rules that they share."""
