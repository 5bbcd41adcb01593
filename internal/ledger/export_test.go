package ledger

// LockDir is the lock of the operating system, for disks that wrap it.
var LockDir = lockDir
