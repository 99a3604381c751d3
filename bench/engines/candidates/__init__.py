"""One program per engine; each runs as a script in the environment of `requirements.lock`."""
