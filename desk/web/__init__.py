"""The web desk: server-rendered pages for officers, approvers, finance, administrators and auditors."""
