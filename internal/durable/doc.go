// Package durable makes writes that survive a power cut.
//
// Holds: nothing; it is a way of writing, not a place.
// Promises: when a function here returns nil, what it did survives a power cut
// at the next instant; a file under its final name is whole, as before or as
// after, never between. A sync that fails is told as jurat.Unavailable with
// [ErrOutcomeUnknown] as its cause, and is not tried again: after a failed
// fsync the kernel may have dropped the bytes it could not write.
// May open: the law; the os package, through [Disk].
// Never: reads a file, keeps a lock, retries, or leaves a file half written
// under its final name.
package durable
