#!/usr/bin/env bash
# Makes the demonstration media again, beside this script. The files are
# committed, so the demo and its tests need neither ffmpeg nor exiftool; this
# script says where every byte came from: test patterns and tones, nobody's
# picture, nobody's voice.
#
# Needs (Debian): ffmpeg, libimage-exiftool-perl, fonts-dejavu-core.
# The same versions of these give the same bytes; others may not.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export LC_ALL=C TZ=UTC

ff() { ffmpeg -hide_banner -loglevel error -nostdin -y "$@"; }

# label TEXT LINE: a drawtext filter, white on a dark band.
label() {
  printf "drawtext=font='DejaVu Sans Mono':fontsize=20:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=6:x=16:y=%d:text='%s'" "$2" "$1"
}

# video FILE SECONDS PATTERN TONE LABEL START: H.264 and AAC in an MP4 that can
# be played while it is still being read (faststart), with the running time
# burned into the picture.
video() {
  local file=$1 seconds=$2 pattern=$3 tone=$4 name=$5 start=$6
  local clock="timecode='00\:00\:00\:00':rate=15"
  ff -f lavfi -i "$pattern=size=640x360:rate=15:duration=$seconds" \
     -f lavfi -i "sine=frequency=$tone:sample_rate=44100:duration=$seconds" \
     -vf "$(label 'DEMONSTRATION - TEST PATTERN' 16),$(label "$name" 52),drawtext=font='DejaVu Sans Mono':fontsize=28:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=6:x=16:y=h-52:$clock" \
     -map 0:v -map 1:a -threads 1 \
     -c:v libx264 -preset slow -crf 30 -profile:v main -pix_fmt yuv420p -g 30 \
     -c:a aac -b:a 48k -ac 1 \
     -metadata creation_time="$start" -metadata title="Demonstration: $name" \
     -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
     -movflags +faststart "$file"
}

# photo FILE PATTERN LABEL TIME SERIAL: a JPEG whose EXIF says when and with
# which camera it was taken, and not where.
photo() {
  local file=$1 pattern=$2 name=$3 time=$4 serial=$5
  ff -f lavfi -i "$pattern=size=800x600:rate=1:duration=1" \
     -vf "$(label 'DEMONSTRATION - TEST PATTERN' 16),$(label "$name" 52)" \
     -frames:v 1 -q:v 6 -fflags +bitexact -flags:v +bitexact "$file"
  exiftool -quiet -overwrite_original -n \
     -EXIF:Make='Test Camera' -EXIF:Model='Test Camera 1' -EXIF:SerialNumber="$serial" \
     -EXIF:DateTimeOriginal="$time" -EXIF:CreateDate="$time" -EXIF:ModifyDate="$time" \
     -EXIF:OffsetTimeOriginal='-06:00' -EXIF:OffsetTime='-06:00' \
     -EXIF:ImageDescription="Demonstration: $name" -EXIF:Orientation=1 "$file"
}

video bwc-1.mp4 6 testsrc2 440 'BODY CAMERA 1' 2026-03-03T02:14:05Z
video bwc-2.mp4 4 smptebars 660 'BODY CAMERA 2' 2026-03-03T02:14:07Z
photo photo-1.jpg testsrc 'PHOTO 1' '2026:03:02 20:31:10' TC-0001
photo photo-2.jpg rgbtestsrc 'PHOTO 2' '2026:03:02 20:32:44' TC-0001

# Dispatch audio: three tones, one second each.
ff -f lavfi -i 'sine=frequency=853:sample_rate=44100:duration=1' \
   -f lavfi -i 'sine=frequency=960:sample_rate=44100:duration=1' \
   -f lavfi -i 'sine=frequency=1000:sample_rate=44100:duration=1' \
   -filter_complex '[0:a][1:a][2:a]concat=n=3:v=0:a=1' -ac 1 -c:a aac -b:a 48k \
   -metadata creation_time=2026-03-03T02:12:40Z -metadata title='Demonstration: DISPATCH' \
   -fflags +bitexact -flags:a +bitexact -movflags +faststart dispatch.m4a

ls -l -- *.mp4 *.jpg *.m4a
