// Package media looks into films, sound and pictures, and makes copies of them
// that show less or play in a browser. What it reads is hostile until shown
// otherwise.
//
// Holds: the names of Debian's ffmpeg and ffprobe, and how they are kept in a
// sandbox; nothing on disk. Decrypted bytes lie in memory, or in a nameless
// file of a folder the operator named, and are gone with the process.
// Promises: bytes in, bytes out; no foreign program sees hostile bytes outside
// a sandbox without a network, a home or a file but the one it is given, unless
// the operator said so; time, memory and output are bounded; what cannot be
// read is told, in a sentence, as could not tell, never as broken or harmless.
// May open: the law; the programs the operator named.
// Never: changes what it is given, knows whose it is, keeps or logs what it
// found, or calls a copy safe.
package media
