# The first process among the host's programs: makes them feel at home, runs the command, says how it ended, and switches off.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p /dev/pts /dev/shm
mount -n -t devpts devpts /dev/pts
mount -n -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -n -t cgroup2 cgroup2 /sys/fs/cgroup
for link in fd:/proc/self/fd stdin:/proc/self/fd/0 stdout:/proc/self/fd/1 stderr:/proc/self/fd/2; do
  ln -sfn "${link#*:}" "/dev/${link%%:*}"
done
# Where modprobe looks, and the kernel itself.
mkdir -p /lib/modules
mount -n --bind "$(cat /run/task/kernel)/lib/modules" /lib/modules
modprobe tun # makes /dev/net/tun
ip link set lo up
hostname stock-kernel

mapfile -d '' -t command < /run/task/command
mapfile -d '' -t environment < /run/task/environment
directory=$(cat /run/task/directory)
rm -r /run/task
for port in /dev/vport*p1; do port=${port%1}; done

# Programs are used to pipes, and can open them again; a port can be opened only once.
exec 3> >(exec cat > "${port}1")
out=$!
exec 4> >(exec cat > "${port}2")
err=$!
env -i "${environment[@]}" NETBOTTLE_STOCK_KERNEL=1 setsid --wait env --chdir="$directory" "${command[@]}" < /dev/null >&3 2>&4 3>&- 4>&-
status=$?
exec 3>&- 4>&-
# What the command has left behind may hold them open; that is not waited for.
for _ in {1..50}; do
  kill -0 "$out" 2> /dev/null || kill -0 "$err" 2> /dev/null || break
  sleep 0.1
done
echo "$status" > "${port}3"
busybox reboot -f
