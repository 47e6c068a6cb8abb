#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Become the init of a root: systemd as process 1, with nothing of this host around it.
#
# usage (as root): sh boot-root.sh boot CONTROL-GROUP FOLDER HOST-NAME
#
# The process that is started becomes unshare, whose one child is the root's init and dies with it.
# The root is entered by pivot_root and not by chroot: in a chroot the kernel refuses the user namespaces that PrivateUsers= needs.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
if [ "$1" = boot ]; then
    echo 0 >"$2/cgroup.procs"
    # With the one that has started this, all ends.
    exec setpriv --pdeathsig KILL unshare --net --pid --mount --uts --ipc --cgroup --propagation private --fork --kill-child sh "$0" init "$3" "$4"
fi
root=$2

make_devices() {
    for name in null zero full random urandom tty; do
        mknod -m 666 "$root/dev/$name" c "$(stat -c '0x%t' "/dev/$name")" "$(stat -c '0x%T' "/dev/$name")"
    done
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    mount -t tmpfs tmpfs "$root/dev/shm"
}

ip link set lo up
hostname "$3"
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
# Settings of the kernel are those of this host too: nothing in the root may change them.
mount --bind -o ro "$root/proc/sys" "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
for folder in run tmp dev; do mount -t tmpfs tmpfs "$root/$folder"; done
make_devices
# The old root covers itself with the new one and is let go: no folder has to be made for it.
cd "$root"
pivot_root . .
umount -l .
exec env -i container=test PATH="$PATH" /lib/systemd/systemd --log-level=notice --log-target=journal
