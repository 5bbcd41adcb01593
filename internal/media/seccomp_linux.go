package media

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// refusedCalls are the system calls no reader of films needs and most ways out
// of a sandbox do. Each fails as if it were forbidden.
var refusedCalls = []uint32{
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_KCMP,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_MOVE_MOUNT, unix.SYS_OPEN_TREE, unix.SYS_FSOPEN, unix.SYS_FSMOUNT, unix.SYS_FSCONFIG, unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR,
	unix.SYS_UNSHARE, unix.SYS_SETNS,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL,
	unix.SYS_KEXEC_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE, unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_SYSLOG,
	unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_PIDFD_GETFD, unix.SYS_PERSONALITY,
	unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT4,
}

// newNamespaces are the flags of clone that make one.
const newNamespaces = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP

// The offsets of seccomp_data.
const (
	dataCall     = 0
	dataArch     = 4
	dataArgument = 16 // the low half of the first, on the machines below
)

// archs are the machines a filter is known for.
var archs = map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}

// syscallFilter is the filter as bubblewrap reads it from a file. On a machine
// of another kind it lets everything pass, and the other walls stand alone.
func syscallFilter() (*os.File, error) {
	var text bytes.Buffer
	for _, i := range filterProgram(archs[runtime.GOARCH], refusedCalls) {
		if err := binary.Write(&text, binary.NativeEndian, i); err != nil {
			return nil, err
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	if _, err := w.Write(text.Bytes()); err != nil { // less than a pipe holds
		r.Close()
		return nil, err
	}
	return r, nil
}

func filterProgram(arch uint32, refused []uint32) []unix.SockFilter {
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	ret := func(k uint32) unix.SockFilter { return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k} }
	jump := func(op uint16, k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | op | unix.BPF_K, K: k, Jt: yes, Jf: no}
	}
	fail := func(errno syscall.Errno) unix.SockFilter { return ret(unix.SECCOMP_RET_ERRNO | uint32(errno)) }
	if arch == 0 {
		return []unix.SockFilter{ret(unix.SECCOMP_RET_ALLOW)}
	}
	p := []unix.SockFilter{
		load(dataArch), jump(unix.BPF_JEQ, arch, 1, 0), ret(unix.SECCOMP_RET_KILL_PROCESS),
		load(dataCall),
		// The other way of calling on amd64, whose numbers would slip through.
		jump(unix.BPF_JGE, 0x40000000, 0, 1), fail(unix.ENOSYS),
		// A library that is told so makes its threads with clone, whose flags
		// can be looked at.
		jump(unix.BPF_JEQ, unix.SYS_CLONE3, 0, 1), fail(unix.ENOSYS),
	}
	for _, call := range refused {
		p = append(p, jump(unix.BPF_JEQ, call, 0, 1), fail(unix.EPERM))
	}
	return append(p,
		jump(unix.BPF_JEQ, unix.SYS_CLONE, 0, 3), load(dataArgument), jump(unix.BPF_JSET, newNamespaces, 0, 1), fail(unix.EPERM),
		ret(unix.SECCOMP_RET_ALLOW))
}

// alone makes a program the head of a group of its own, which ends with it.
func alone(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
