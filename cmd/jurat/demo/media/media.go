// Package demomedia holds the films, pictures and sound that jurat demo
// receives as evidence.
//
// Holds: five small files made by make.sh from test patterns and tones; they
// show nobody and nothing that happened.
// Promises: the bytes are the same in every build of one commit; the videos
// play in a browser while they are still being read; each picture says when it
// was taken and by which camera, and not where.
// May open: the standard library only.
// Never: reads the disk at run time; names a person or a place.
package demomedia

import "embed"

// The names of the files, as the demonstration receives them.
const (
	BodyCamera1 = "bwc-1.mp4"    // 6 s, H.264 and AAC, 640x360
	BodyCamera2 = "bwc-2.mp4"    // 4 s, another angle, two seconds later
	Photo1      = "photo-1.jpg"  // JPEG with EXIF, no position
	Photo2      = "photo-2.jpg"  // JPEG with EXIF, no position
	Dispatch    = "dispatch.m4a" // 3 s, AAC, three tones
)

// Names lists every file, in the order of their making.
var Names = [...]string{BodyCamera1, BodyCamera2, Photo1, Photo2, Dispatch}

// Files gives each file under its name.
//
//go:embed *.mp4 *.jpg *.m4a
var Files embed.FS
