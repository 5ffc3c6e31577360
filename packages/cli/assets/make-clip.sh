#!/bin/sh
# Makes clip.webm, the looping clip of the demo and the tests: 12 s, VP8 and Opus, a keyframe each second, no font or
# file from outside but DejaVu (Debian: fonts-dejavu-core). Every motion has a period that divides 12 s, so that the
# end meets the beginning.
set -eu
cd "$(dirname "$0")"
font=/usr/share/fonts/truetype/dejavu
ffmpeg -v error -y \
  -f lavfi -i "color=c=0x0b1220:s=640x360:r=25" \
  -f lavfi -i "color=c=0x38bdf8:s=56x56:r=25,format=rgba,geq=r=56:g=189:b=248:a='if(lt(hypot(X-28,Y-28),27),255,0)'" \
  -f lavfi -i "aevalsrc='0.10*sin(2*PI*220*t)*(0.6+0.4*sin(2*PI*t/3))+0.05*sin(2*PI*330*t)*(0.5+0.5*sin(2*PI*t/4))':s=48000:c=mono" \
  -filter_complex "[0][1]overlay=x='292+250*cos(2*PI*t/6)':y='152+112*sin(2*PI*t/3)':shortest=1,\
drawtext=fontfile=$font/DejaVuSans-Bold.ttf:text='hypervision':fontsize=30:fontcolor=0xe2e8f0:x=(w-tw)/2:y=54,\
drawtext=fontfile=$font/DejaVuSansMono-Bold.ttf:text='%{eif\:floor(t)\:d\:2}.%{eif\:mod(floor(t*10)\,10)\:d}':fontsize=120:fontcolor=white:borderw=6:bordercolor=0x0b1220:x=(w-tw)/2:y=(h-th)/2+8,\
drawtext=fontfile=$font/DejaVuSans.ttf:text='peer to peer, live':fontsize=20:fontcolor=0x94a3b8:x=(w-tw)/2:y=h-74,\
drawbox=x=0:y=ih-8:w='iw':h=8:color=0x1e293b:t=fill,\
drawbox=x=0:y=ih-8:w=8:h=8:color=0x38bdf8:t=fill[v]" \
  -map "[v]" -map 2:a -t 12 \
  -c:v libvpx -b:v 170k -maxrate 220k -bufsize 220k -g 25 -keyint_min 25 -quality good -cpu-used 1 -lag-in-frames 0 -auto-alt-ref 0 \
  -c:a libopus -b:a 32k -ac 1 \
  -cluster_time_limit 1000 -metadata title="hypervision test clip" -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
  -f webm clip.webm
ls -l clip.webm
