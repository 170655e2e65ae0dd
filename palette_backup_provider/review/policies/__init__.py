"""Policy documents in the language that S3 and its relatives share: what one allows that another
does not. It compares text, and evaluates nothing: what it cannot tell counts as wider."""
