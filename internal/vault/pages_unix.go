//go:build unix

package vault

import (
	"runtime"
	"syscall"
)

// pages gives n bytes of memory outside the heap, at the start of a page.
func pages(n int) ([]byte, error) {
	return syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
}

// release gives the pages back once nobody holds w.
func (w *work) release(all []byte) {
	runtime.AddCleanup(w, func(b []byte) { syscall.Munmap(b) }, all)
}
