#!/bin/busybox sh
# The first program of the guest: from the initramfs to the host's files, read from the host and written to memory.
set -e
/bin/busybox --install -s /bin
PATH=/bin
mkdir -p /proc /sys /dev /host /written /root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do insmod "/modules/$module"; done < /order

mount -t virtiofs -o ro host /host
mount -t tmpfs tmpfs /written
mkdir /written/upper /written/work
mount -t overlay -o lowerdir=/host,upperdir=/written/upper,workdir=/written/work overlay /root

for place in proc sys dev; do mount --move "/$place" "/root/$place"; done
mount -t tmpfs -o mode=755 tmpfs /root/run
mkdir /root/run/task
cp /host/run/task/* /root/run/task/
exec switch_root /root /bin/bash "$(cat /guest)"
