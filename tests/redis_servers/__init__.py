"""Real Redis servers on loopback: alone, with Sentinels, as a cluster, with TLS."""
