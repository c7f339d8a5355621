"""What is timed, each beside the peer it is compared with."""
