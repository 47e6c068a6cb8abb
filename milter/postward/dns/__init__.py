"""DNS: names, answers, a cache and the one resolver of a worker."""
