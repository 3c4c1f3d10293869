# The first process of mount and process namespaces of its own, in which all that a guest needs on the host lives and ends.
# It becomes QEMU. Parameters: the folder of the kernel, the directory for the command, and the command.
# Descriptors lead out of the guest: 3 (its standard output), 4 (standard error), 5 (the exit status) and 6 (its console).
set -eu
kernel=$1 directory=$2
shift 2
here=$(dirname "$(readlink -f "$0")")

# The guest writes nothing, and could not.
mount -n -o remount,bind,ro /
mount -n -t proc proc /proc
mount -n -t tmpfs -o mode=755 tmpfs /run
cd /run

mkdir -p image/bin image/modules
busybox=$(command -v busybox)
cp "$busybox" image/bin/busybox
# Unless it is the static one, it needs these.
{ ldd "$busybox" 2> /dev/null || :; } | grep -o '/[^ ]*' | xargs -r cp -L --parents -t image
cp "$here/init.sh" image/init
chmod +x image/init
printf '%s\n' "$here/guest.sh" > image/guest
# In the order in which they have to be loaded.
modprobe -d "$kernel" -S "$(cat "$kernel/release")" --show-depends -a virtio_pci virtiofs virtio_console overlay |
  awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
  while read -r module; do
    cp "$module" image/modules/
    basename "$module"
  done > image/order
(cd image && find . | busybox cpio -o -H newc 2> /dev/null) > initramfs

# What the guest is to do; it looks for it here.
mkdir task
printf '%s' "$directory" > task/directory
printf '%s' "$kernel" > task/kernel
printf '%s\0' "$@" > task/command
env -0 > task/environment

# In Debian 12 it belongs to QEMU; the one that is a package of its own has other options.
if [ -x /usr/lib/qemu/virtiofsd ]; then
  set -- /usr/lib/qemu/virtiofsd -o source=/,cache=always,sandbox=chroot
else
  set -- /usr/libexec/virtiofsd --shared-dir=/ --cache=always --sandbox=chroot
fi
"$@" --socket-path=/run/files 3>&- 4>&- 5>&- 6>&- > virtiofsd.log 2>&1 &
until [ -S files ]; do
  kill -0 $! 2> /dev/null || { cat virtiofsd.log >&2; exit 1; }
  sleep 0.05
done

# Without KVM: it works everywhere, and where /dev/kvm is there it is not said that a guest boots with it.
# One processor, and a plain one, is twice as fast for each command: with several, whatever one of them translates or maps has to be
# agreed with the others, and newer instructions (copying with `rep movsb`, AVX) are emulated step by step. A benchmark whose sender
# and receiver shall not wait for one another asks for two.
# On a busy host time stands still for a guest now and then. It shall not check its timers against one another, nor find out by itself how
# fast its counter of cycles runs: with that its time went twice as fast as ours once. It goes by its HPET, which it need not measure.
exec qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
  -machine q35,memory-backend=memory,vmport=off -accel tcg -cpu Nehalem,+rdrand,+fsgsbase -smp "${NETBOTTLE_STOCK_PROCESSORS:-1}" \
  -m 1536 -object memory-backend-memfd,id=memory,size=1536M,share=on \
  -kernel "$kernel/vmlinuz" -initrd initramfs -append 'console=ttyS0 quiet panic=-1 mitigations=off no_timer_check tsc=unstable random.trust_cpu=on' \
  -chardev socket,id=files,path=/run/files -device vhost-user-fs-pci,chardev=files,tag=host \
  -device virtio-serial-pci \
  -chardev socket,id=stdout,fd=3 -device virtserialport,chardev=stdout,nr=1 \
  -chardev socket,id=stderr,fd=4 -device virtserialport,chardev=stderr,nr=2 \
  -chardev socket,id=status,fd=5 -device virtserialport,chardev=status,nr=3 \
  -chardev socket,id=console,fd=6 -serial chardev:console
