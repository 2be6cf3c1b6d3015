// Loaded before a program (LD_PRELOAD), makes its n-th call of a kind fail as full disks, broken
// disks and small machines make it fail. tests/python/fault_injection_test.py goes through all n.
//
//   FER_FAULT        KIND:N:HOW, as in write:3:ENOSPC
//     KIND   write   write, pwrite, writev, fwrite, fflush
//            rename  rename, renameat, renameat2, link, linkat
//            sync    fsync, fdatasync
//            open    open, openat, fopen, mkstemp and their like, for writing; mkdir
//            map     mmap of a file
//            memory  malloc and its like, of at least FER_FAULT_BYTES bytes (65536), from main() on
//     N      the first call is 1; "3+" means the third and all that follow
//     HOW    a name of errno, or "short" (write): half of the bytes are written
//   FER_FAULT_UNDER  counts only calls about files in this folder; not for memory
//   FER_FAULT_LOG    gets a line for each call that counts: KIND, the function, path, another path
//                    or "-", "ok" or "failed"
//   FER_FAULT_OLD    set: a file system without nameless files (O_TMPFILE) and without renameat2's
//                    flags, as network disks are
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// glibc has it for programs that replace malloc.
extern "C" {
void* __libc_malloc(std::size_t size);                           // NOLINT
void* __libc_calloc(std::size_t count, std::size_t size);        // NOLINT
void* __libc_realloc(void* old, std::size_t size);               // NOLINT
void* __libc_memalign(std::size_t alignment, std::size_t size);  // NOLINT
}

namespace {

enum Kind { kWrite, kRename, kSync, kOpen, kMap, kMemory, kKinds };
constexpr const char* kNames[kKinds] = {"write", "rename", "sync", "open", "map", "memory"};

constexpr std::size_t kLongest = 4200;

struct Plan {
  int kind = -1;
  long first = 0;
  bool lasting = false;
  bool is_short = false;
  int code = 0;
  std::size_t least_bytes = 65536;
  char under[kLongest] = "";
  std::size_t under_size = 0;
  int log = -1;
  bool old_disk = false;
};
Plan plan;
std::atomic<long> count{0};
std::atomic<bool> in_main{false};
std::atomic<bool> ready{false};

struct Code {
  const char* name;
  int value;
};
constexpr Code kCodes[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EDQUOT", EDQUOT},
                           {"EMFILE", EMFILE}, {"EACCES", EACCES}, {"ENOMEM", ENOMEM},
                           {"EROFS", EROFS},   {"EINTR", EINTR},   {"EINVAL", EINVAL}};

[[noreturn]] void refuse(const char* what) {
  std::fprintf(stderr, "failing_calls: FER_FAULT: %s\n", what);
  ::_exit(99);
}

void read_fault(const char* text) {
  const char* const number = std::strchr(text, ':');
  if (number == nullptr) refuse("no N");
  for (int kind = 0; kind < kKinds; ++kind) {
    const std::size_t length = std::strlen(kNames[kind]);
    if (static_cast<std::size_t>(number - text) == length &&
        std::strncmp(text, kNames[kind], length) == 0) {
      plan.kind = kind;
    }
  }
  char* end = nullptr;
  plan.first = std::strtol(number + 1, &end, 10);
  if (*end == '+') {
    plan.lasting = true;
    ++end;
  }
  if (plan.kind < 0 || plan.first < 1 || *end != ':') refuse(text);
  plan.is_short = std::strcmp(end + 1, "short") == 0;
  for (const Code& code : kCodes) {
    if (std::strcmp(end + 1, code.name) == 0) plan.code = code.value;
  }
  if (plan.code == 0 && !plan.is_short) refuse(end + 1);
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

__attribute__((constructor)) void begin() {
  plan.old_disk = std::getenv("FER_FAULT_OLD") != nullptr;
  if (const char* under = std::getenv("FER_FAULT_UNDER")) {
    std::strncpy(plan.under, under, kLongest - 1);
    plan.under_size = std::strlen(plan.under);
  }
  if (const char* bytes = std::getenv("FER_FAULT_BYTES")) {
    plan.least_bytes = std::strtoul(bytes, nullptr, 10);
  }
  if (const char* log = std::getenv("FER_FAULT_LOG")) {
    const long low = ::syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    // A high number, so that programs that count their descriptors do not see it.
    plan.log = ::fcntl(static_cast<int>(low), F_DUPFD_CLOEXEC, 900);
    if (plan.log < 0)
      plan.log = static_cast<int>(low);
    else
      ::close(static_cast<int>(low));
  }
  if (const char* fault = std::getenv("FER_FAULT")) read_fault(fault);
  ready = true;
}

// The absolute path of one that is relative to a folder's descriptor.
void absolute(int folder, const char* path, char* full) {
  full[0] = '\0';
  if (path == nullptr) return;
  if (path[0] != '/') {
    if (folder == AT_FDCWD) {
      if (::getcwd(full, kLongest) == nullptr) full[0] = '\0';
    } else {
      char link[64];
      std::snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
      const ssize_t size = ::readlink(link, full, kLongest - 1);
      full[size < 0 ? 0 : size] = '\0';
    }
    std::strncat(full, "/", kLongest - std::strlen(full) - 1);
  }
  std::strncat(full, path, kLongest - std::strlen(full) - 1);
  if (std::strncmp(full, "/proc/self/fd/", 14) != 0) return;
  char link[kLongest];  // a nameless file, which is about to get a name
  std::strcpy(link, full);
  const ssize_t size = ::readlink(link, full, kLongest - 1);
  if (size >= 0) full[size] = '\0';
}

void of_descriptor(int descriptor, char* full) {
  char link[64];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t size = ::readlink(link, full, kLongest - 1);
  full[size < 0 ? 0 : size] = '\0';
}

bool counts(const char* path) {
  if (plan.under_size == 0) return true;
  return std::strncmp(path, plan.under, plan.under_size) == 0 &&
         (path[plan.under_size] == '/' || path[plan.under_size] == '\0');
}

void tell(int kind, const char* function, const char* path, const char* other, bool failed) {
  if (plan.log < 0) return;
  char line[2 * kLongest + 100];
  const int size = std::snprintf(line, sizeof line, "%s\t%s\t%s\t%s\t%s\n", kNames[kind], function,
                                 path, other == nullptr ? "-" : other, failed ? "failed" : "ok");
  if (size > 0) ::syscall(SYS_write, plan.log, line, static_cast<std::size_t>(size));
}

// Counts this call; whether it must fail, with errno set.
bool fails(int kind, const char* function, const char* path, const char* other = nullptr) {
  if (!ready) return false;
  bool failed = false;
  if (kind == plan.kind) {
    const long number = ++count;
    failed = plan.lasting ? number >= plan.first : number == plan.first;
  }
  const int before = errno;
  tell(kind, function, path, other, failed);
  errno = failed ? plan.code : before;
  return failed;
}

bool wanted(int kind) { return ready && (plan.kind == kind || plan.log >= 0); }

bool write_fails(const char* function, int descriptor) {
  if (!wanted(kWrite)) return false;
  char path[kLongest];
  of_descriptor(descriptor, path);
  return counts(path) && fails(kWrite, function, path);
}

// The C library retries the rest of a short write by itself. The kernel restarts an interrupted
// call, as our signal handlers request.
bool stdio_write_fails(const char* function, FILE* file) {
  return !plan.is_short && plan.code != EINTR && write_fails(function, ::fileno(file));
}

bool sync_fails(const char* function, int descriptor) {
  if (!wanted(kSync)) return false;
  char path[kLongest];
  of_descriptor(descriptor, path);
  return counts(path) && fails(kSync, function, path);
}

bool writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0; }

bool open_fails(const char* function, int folder, const char* path) {
  if (!wanted(kOpen)) return false;
  char full[kLongest];
  absolute(folder, path, full);
  return counts(full) && fails(kOpen, function, full);
}

bool is_refused(int flags) { return plan.old_disk && (flags & O_TMPFILE) == O_TMPFILE; }

bool rename_fails(const char* function, int from_folder, const char* from, int to_folder,
                  const char* to) {
  if (!wanted(kRename)) return false;
  char source[kLongest], target[kLongest];
  absolute(from_folder, from, source);
  absolute(to_folder, to, target);
  return counts(target) && fails(kRename, function, target, source);
}

bool memory_fails(const char* function, std::size_t size) {
  if (!in_main || plan.kind != kMemory || size < plan.least_bytes) return false;
  char path[32];
  std::snprintf(path, sizeof path, "%zu", size);
  return fails(kMemory, function, path);
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

int (*real_main)(int, char**, char**) = nullptr;

int armed_main(int argc, char** argv, char** environment) {
  in_main = true;
  return real_main(argc, argv, environment);
}

}  // namespace

// The library's functions by their own names. NOLINTBEGIN
extern "C" {

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(),
                      void (*fini)(), void (*loader_fini)(), void* stack_end) {
  using Start =
      int (*)(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*);
  real_main = main;
  return next<Start>("__libc_start_main")(armed_main, argc, argv, init, fini, loader_fini,
                                          stack_end);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  if (!write_fails("write", descriptor)) return real(descriptor, bytes, size);
  return plan.is_short ? real(descriptor, bytes, size > 1 ? size / 2 : size) : -1;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  if (!write_fails("pwrite", descriptor)) return real(descriptor, bytes, size, offset);
  return plan.is_short ? real(descriptor, bytes, size > 1 ? size / 2 : size, offset) : -1;
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  return pwrite(descriptor, bytes, size, offset);
}

ssize_t writev(int descriptor, const iovec* parts, int number) {
  static const auto real = next<ssize_t (*)(int, const iovec*, int)>("writev");
  if (!write_fails("writev", descriptor)) return real(descriptor, parts, number);
  return plan.is_short ? write(descriptor, parts[0].iov_base, parts[0].iov_len) : -1;
}

size_t fwrite(const void* bytes, size_t size, size_t number, FILE* file) {
  static const auto real = next<size_t (*)(const void*, size_t, size_t, FILE*)>("fwrite");
  return stdio_write_fails("fwrite", file) ? 0 : real(bytes, size, number, file);
}

int fflush(FILE* file) {
  static const auto real = next<int (*)(FILE*)>("fflush");
  return file != nullptr && stdio_write_fails("fflush", file) ? EOF : real(file);
}

int fsync(int descriptor) {
  static const auto real = next<int (*)(int)>("fsync");
  return sync_fails("fsync", descriptor) ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
  static const auto real = next<int (*)(int)>("fdatasync");
  return sync_fails("fdatasync", descriptor) ? -1 : real(descriptor);
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = next<int (*)(const char*, const char*)>("rename");
  return rename_fails("rename", AT_FDCWD, from, AT_FDCWD, to) ? -1 : real(from, to);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  static const auto real = next<int (*)(int, const char*, int, const char*)>("renameat");
  return rename_fails("renameat", from_folder, from, to_folder, to)
             ? -1
             : real(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  static const auto real = next<int (*)(int, const char*, int, const char*, unsigned)>("renameat2");
  if (plan.old_disk && flags != 0) {
    errno = EINVAL;
    return -1;
  }
  return rename_fails("renameat2", from_folder, from, to_folder, to)
             ? -1
             : real(from_folder, from, to_folder, to, flags);
}

int link(const char* from, const char* to) noexcept {
  static const auto real = next<int (*)(const char*, const char*)>("link");
  return rename_fails("link", AT_FDCWD, from, AT_FDCWD, to) ? -1 : real(from, to);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  static const auto real = next<int (*)(int, const char*, int, const char*, int)>("linkat");
  return rename_fails("linkat", from_folder, from, to_folder, to)
             ? -1
             : real(from_folder, from, to_folder, to, flags);
}

int openat(int folder, const char* path, int flags, ...) {
  static const auto real = next<int (*)(int, const char*, int, ...)>("openat");
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  if (is_refused(flags)) {
    errno = EOPNOTSUPP;
    return -1;
  }
  if (writes(flags) && open_fails("openat", folder, path)) return -1;
  return real(folder, path, flags, mode);
}

int open(const char* path, int flags, ...) {
  static const auto real = next<int (*)(const char*, int, ...)>("open");
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  if (is_refused(flags)) {
    errno = EOPNOTSUPP;
    return -1;
  }
  if (writes(flags) && open_fails("open", AT_FDCWD, path)) return -1;
  return real(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open(path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return openat(folder, path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
  static const auto real = next<FILE* (*)(const char*, const char*)>("fopen");
  const bool only_reads = mode[0] == 'r' && std::strchr(mode, '+') == nullptr;
  if (!only_reads && open_fails("fopen", AT_FDCWD, path)) return nullptr;
  return real(path, mode);
}

FILE* fopen64(const char* path, const char* mode) { return fopen(path, mode); }

int mkostemp(char* path, int flags) {
  static const auto real = next<int (*)(char*, int)>("mkostemp");
  return open_fails("mkostemp", AT_FDCWD, path) ? -1 : real(path, flags);
}

int mkstemp(char* path) { return mkostemp(path, 0); }

int mkdir(const char* path, mode_t mode) noexcept {
  static const auto real = next<int (*)(const char*, mode_t)>("mkdir");
  return open_fails("mkdir", AT_FDCWD, path) ? -1 : real(path, mode);
}

void* mmap(void* address, size_t size, int protection, int flags, int descriptor,
           off_t offset) noexcept {
  using Map = void* (*)(void*, size_t, int, int, int, off_t);
  static const auto real = next<Map>("mmap");
  if (descriptor >= 0 && wanted(kMap)) {
    char path[kLongest];
    of_descriptor(descriptor, path);
    if (counts(path) && fails(kMap, "mmap", path)) return MAP_FAILED;
  }
  return real(address, size, protection, flags, descriptor, offset);
}

void* mmap64(void* address, size_t size, int protection, int flags, int descriptor,
             off64_t offset) noexcept {
  return mmap(address, size, protection, flags, descriptor, offset);
}

void* malloc(size_t size) noexcept {
  return memory_fails("malloc", size) ? nullptr : __libc_malloc(size);
}

void* calloc(size_t number, size_t size) noexcept {
  std::size_t bytes = 0;
  if (!__builtin_mul_overflow(number, size, &bytes) && memory_fails("calloc", bytes))
    return nullptr;
  return __libc_calloc(number, size);
}

void* realloc(void* old, size_t size) noexcept {
  return memory_fails("realloc", size) ? nullptr : __libc_realloc(old, size);
}

void* memalign(size_t alignment, size_t size) noexcept {
  return memory_fails("memalign", size) ? nullptr : __libc_memalign(alignment, size);
}

void* aligned_alloc(size_t alignment, size_t size) noexcept { return memalign(alignment, size); }

int posix_memalign(void** made, size_t alignment, size_t size) noexcept {
  void* const memory = memalign(alignment, size);
  if (memory == nullptr) return ENOMEM;
  *made = memory;
  return 0;
}

}  // NOLINTEND
