package media

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// A format is what bytes are by their first few, and how they are read.
type format struct {
	media   string // media type
	demuxer string // ffmpeg's, forced: a film cannot turn into a list of other files
	still   still  // read in Go
}

type still int

const (
	notStill still = iota
	jpegStill
	pngStill
	gifStill
)

// signatures are looked for in order, at an offset from the start.
var signatures = []struct {
	at   int
	text string
	format
}{
	{0, "\xff\xd8\xff", format{"image/jpeg", "jpeg_pipe", jpegStill}},
	{0, "\x89PNG\r\n\x1a\n", format{"image/png", "png_pipe", pngStill}},
	{0, "GIF87a", format{"image/gif", "gif", gifStill}},
	{0, "GIF89a", format{"image/gif", "gif", gifStill}},
	{0, "II*\x00", format{media: "image/tiff", demuxer: "tiff_pipe"}},
	{0, "MM\x00*", format{media: "image/tiff", demuxer: "tiff_pipe"}},
	{8, "WEBP", format{media: "image/webp", demuxer: "webp_pipe"}},
	{8, "WAVE", format{media: "audio/wav", demuxer: "wav"}},
	{8, "AVI ", format{media: "video/x-msvideo", demuxer: "avi"}},
	{0, "\x1aE\xdf\xa3", format{media: "video/x-matroska", demuxer: "matroska"}},
	{0, "OggS", format{media: "audio/ogg", demuxer: "ogg"}},
	{0, "fLaC", format{media: "audio/flac", demuxer: "flac"}},
	{0, "ID3", format{media: "audio/mpeg", demuxer: "mp3"}},
	{0, "FLV\x01", format{media: "video/x-flv", demuxer: "flv"}},
	{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", format{media: "video/x-ms-asf", demuxer: "asf"}},
	{0, "\x00\x00\x01\xba", format{media: "video/mpeg", demuxer: "mpeg"}},
	{0, "%PDF-", format{media: "application/pdf"}},
	{0, "PK\x03\x04", format{media: "application/zip"}},
	{0, "\x1f\x8b", format{media: "application/gzip"}},
	{0, "#EXTM3U", format{media: "application/vnd.apple.mpegurl"}},
	{0, "ffconcat version", format{media: "text/plain"}},
}

// sniff says what bytes are by their first few. A format without a demuxer and
// without a decoder here is kept and not looked into.
func sniff(head []byte) format {
	if len(head) == 0 {
		return format{media: "application/x-empty"}
	}
	for _, s := range signatures {
		if len(head) >= s.at+len(s.text) && string(head[s.at:s.at+len(s.text)]) == s.text {
			return s.format
		}
	}
	switch {
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return isoFormat(string(head[8:12]))
	case len(head) >= 8 && slices.Contains([]string{"moov", "mdat", "wide", "free", "skip", "pnot"}, string(head[4:8])):
		return format{media: "video/quicktime", demuxer: "mov"}
	case len(head) > 188 && head[0] == 'G' && head[188] == 'G':
		return format{media: "video/mp2t", demuxer: "mpegts"}
	case len(head) >= 4 && head[0] == 0xff && head[1]&0xf6 == 0xf0:
		return format{media: "audio/aac", demuxer: "aac"}
	case len(head) >= 4 && head[0] == 0xff && head[1]&0xe6 == 0xe2:
		return format{media: "audio/mpeg", demuxer: "mp3"}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	low := bytes.ToLower(text[:min(len(text), 512)])
	switch {
	case bytes.HasPrefix(low, []byte("<svg")), bytes.HasPrefix(low, []byte("<?xml")) && bytes.Contains(low, []byte("<svg")):
		return format{media: "image/svg+xml"}
	case bytes.HasPrefix(low, []byte("<!doctype html")), bytes.HasPrefix(low, []byte("<html")), bytes.HasPrefix(low, []byte("<script")):
		return format{media: "text/html"}
	case utf8.Valid(head[:len(head)-min(len(head), 4)]) && !bytes.ContainsRune(head, 0):
		return format{media: "text/plain"}
	}
	return format{media: "application/octet-stream"}
}

// isoFormat tells the members of the MP4 family apart by their brand.
func isoFormat(brand string) format {
	switch {
	case slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}, brand):
		return format{media: "image/heic"} // Debian's ffmpeg reads no such still
	case brand == "avif" || brand == "avis":
		return format{media: "image/avif"}
	case brand == "qt  ":
		return format{media: "video/quicktime", demuxer: "mov"}
	case strings.HasPrefix(brand, "M4A") || strings.HasPrefix(brand, "M4B"):
		return format{media: "audio/mp4", demuxer: "mov"}
	}
	return format{media: "video/mp4", demuxer: "mov"}
}

// also says what else the bytes are: a file can be two things at once, and who
// opens it with another program sees the other.
func also(f format, in *input) []string {
	var more []string
	if i := bytes.LastIndex(in.tail, []byte("PK\x05\x06")); i >= 0 && f.media != "application/zip" && len(in.tail)-i >= 22 {
		more = append(more, "a ZIP archive lies at its end")
	}
	if i := bytes.Index(in.head[:min(len(in.head), 1024)], []byte("%PDF-")); i > 0 {
		more = append(more, "a PDF document begins in its first bytes")
	}
	if low := bytes.ToLower(in.head); f.still != notStill && (bytes.Contains(low, []byte("<script")) || bytes.Contains(low, []byte("<?php"))) {
		more = append(more, "text that a program could run stands in its first bytes")
	}
	return more
}

// cutShort says how many bytes a film of the MP4 family says it has after its
// end; 0 when it says none, or is no such film.
func cutShort(in *input) int64 {
	if in.file == nil || in.source.Size < 8 {
		return 0
	}
	at := int64(0)
	for range 4096 {
		var head [16]byte
		n, err := in.file.ReadAt(head[:], at)
		if n < 8 || (err != nil && err != io.EOF) {
			return 0
		}
		size := int64(binary.BigEndian.Uint32(head[:4]))
		if size == 1 && n == 16 {
			size = int64(binary.BigEndian.Uint64(head[8:]) & (1<<62 - 1))
		}
		if size < 8 { // 0: to the end; less: nonsense
			return 0
		}
		if at += size; at >= in.source.Size {
			return at - in.source.Size
		}
	}
	return 0
}
