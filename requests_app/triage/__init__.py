"""The queue of new requests: who takes them, what waits until later, how soon IT answers."""
