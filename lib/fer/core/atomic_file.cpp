#include "fer/core/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>
#include <utility>

#include "fer/core/descriptor_io.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/mapped_ranges.h"
#include "fer/core/output_place.h"

namespace fer {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kForAllToRead = 0644;
// Part of every temporary name, so that a user's file is not mistaken for a temporary one.
constexpr std::string_view kMark = ".fer-";
constexpr std::size_t kLetters = 6;

// ".NAME.fer-XXXXXX", where NAME is cut so that the whole is not longer than names may be.
std::string temporary_template(const fs::path& folder, const fs::path& name) {
  constexpr std::size_t kLongest = 200;
  return (folder / ("." + name.string().substr(0, kLongest) + std::string(kMark) + "XXXXXX"))
      .string();
}

// temporary_template() with random letters for XXXXXX.
std::string temporary_name(const fs::path& folder, const fs::path& name) {
  constexpr std::string_view kOf = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string text = temporary_template(folder, name);
  std::random_device random;
  for (std::size_t i = text.size() - kLetters; i < text.size(); ++i) {
    text[i] = kOf[random() % kOf.size()];
  }
  return text;
}

const char* or_current(const fs::path& folder) { return folder.empty() ? "." : folder.c_str(); }

// Opens a file without a name; -1 with errno where the file system has no such files.
int open_nameless(const fs::path& folder) {
  if (::access("/proc/self/fd", X_OK) != 0) {  // by which it is given its name
    errno = EOPNOTSUPP;
    return -1;
  }
  return ::open(or_current(folder), O_TMPFILE | O_RDWR | O_CLOEXEC, kForAllToRead);
}

// Opens a nameless file in the system's temporary folder.
int open_spool(const fs::path& name) {
  std::error_code code;
  fs::path folder = fs::temp_directory_path(code);
  if (code) folder = "/tmp";
  int spool = open_nameless(folder);
  if (spool >= 0) return spool;
  std::string path = temporary_template(folder, name);
  spool = ::mkostemp(path.data(), O_CLOEXEC);
  if (spool < 0) throw Error(path + ": cannot be written: " + std::strerror(errno));
  ::unlink(path.c_str());
  return spool;
}

bool link_nameless(int descriptor, const char* to) {
  const std::string from = "/proc/self/fd/" + std::to_string(descriptor);
  return ::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to, AT_SYMLINK_FOLLOW) == 0;
}

// Renames the file unless a file of the new name is there; false with errno if that fails.
bool rename_new(const char* from, const char* to) {
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  // A file system without that flag, such as NFS: link() also refuses a name that is taken.
  if (::link(from, to) != 0) return false;
  ::unlink(from);
  return true;
}

int fsync_all(int descriptor) {
  int result = 0;
  while ((result = ::fsync(descriptor)) != 0 && errno == EINTR) {
  }
  return result;
}

// Checks that a path which is no regular file can be written to as a stream.
void check_stream(const fs::path& path, const fs::path& target, fs::file_type type) {
  const auto cannot = [&](const std::string& why) {
    return Error(path.string() + ": cannot be written: " + why);
  };
  if (type == fs::file_type::block) throw cannot("is a disk, not a file");
  if (type == fs::file_type::socket) throw cannot("is a socket, not a file");
  if (::access(target.c_str(), W_OK) != 0) throw cannot(std::strerror(errno));
}

}  // namespace

bool sync_folder(const fs::path& folder) {
  const int descriptor = ::open(or_current(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return true;  // may be written to and not read
  const bool done = fsync_all(descriptor) == 0 || errno != EIO;
  ::close(descriptor);
  return done;
}

void rename_file(const fs::path& from, const fs::path& to) {
  const auto check = [&](bool done, int code) {
    if (!done) throw Error(to.string() + ": cannot be written: " + std::strerror(code));
  };
  check(::rename(from.c_str(), to.c_str()) == 0, errno);
  check(sync_folder(to.parent_path()), EIO);
}

void read_back(int descriptor, std::size_t offset, std::string& to, const fs::path& path) {
  std::size_t done = 0;
  while (done < to.size()) {
    const ssize_t got =
        ::pread(descriptor, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      throw Error(path.string() + ": cannot be read back: " + std::strerror(got < 0 ? errno : EIO));
    }
    done += static_cast<std::size_t>(got);
  }
}

void rename_new_file(const fs::path& from, const fs::path& to) {
  if (!rename_new(from.c_str(), to.c_str())) {
    if (errno != EEXIST) throw Error(to.string() + ": cannot be written: " + std::strerror(errno));
    throw Error(to.string() + ": has appeared in the meantime; nothing is overwritten");
  }
  if (!sync_folder(to.parent_path())) {
    throw Error(to.string() + ": cannot be written: " + std::strerror(EIO));
  }
}

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
  if (path_ == "-") {
    throw Error(
        "-: is no name of a file here; ./- writes a file of that name, and /dev/stdout is "
        "standard output");
  }
  const OutputPlace place = output_place(path_);
  target_ = place.path;
  std::error_code code;
  const fs::file_status there = fs::status(target_, code);
  if (place.own_descriptor) {
    kind_ = Kind::stream;
    descriptor_ = ::fcntl(*place.own_descriptor, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ < 0) fail(errno);
  } else if (fs::is_other(there)) {
    kind_ = Kind::stream;
    check_stream(path_, target_, there.type());
  } else if (path_.filename().empty() || fs::is_directory(there)) {
    throw Error(path_.string() + ": cannot be written: is a folder, not a file");
  } else {
    open_file();
  }
}

AtomicFile::~AtomicFile() {
  close();
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::fail(int code) const {
  // the bytes to write are mapped, and their file was made shorter
  if (code == EFAULT) check_mapped_files();
  throw Error(path_.string() + ": cannot be written: " + std::strerror(code));
}

void AtomicFile::close() {
  for (int* const descriptor : {&descriptor_, &spool_}) {
    if (*descriptor >= 0) ::close(*descriptor);
    *descriptor = -1;
  }
}

void AtomicFile::open_file() {
  const fs::path folder = target_.parent_path();
  if (!folder.empty()) make_folders(folder);
  descriptor_ = open_nameless(folder);
  if (descriptor_ < 0) {
    std::string name = temporary_template(folder, target_.filename());
    descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor_ < 0) {
      throw Error(path_.string() + ": cannot be written: " + refusal(folder, errno));
    }
    temporary_ = name;
  }
  ::fchmod(descriptor_, kForAllToRead);  // whatever the umask: a result is for everyone to read
}

// Opened only when there is something to write: otherwise a named pipe's reader would see an early
// end of file.
void AtomicFile::open_stream() {
  if (descriptor_ >= 0) return;
  descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor_ < 0) fail(errno);
}

void AtomicFile::write_to(int descriptor, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void AtomicFile::write(std::string_view bytes) {
  if (direct()) {
    open_stream();
    std::fflush(stdout);  // so that earlier output on stdout comes first
  }
  write_to(spool_ >= 0 ? spool_ : descriptor_, bytes);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

int AtomicFile::seekable_descriptor() {
  if (direct()) spool_ = open_spool(target_.filename());
  return spool_ >= 0 ? spool_ : descriptor_;
}

void AtomicFile::write_at(std::size_t offset, std::string_view bytes) {
  const int descriptor = spool_ >= 0 ? spool_ : descriptor_;
  if (!write_all_at(descriptor, offset, bytes)) fail(errno);
}

// False with errno where no name is free or can be given.
bool AtomicFile::give_temporary_name() {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    const std::string name = temporary_name(target_.parent_path(), target_.filename());
    if (link_nameless(descriptor_, name.c_str())) {
      temporary_ = name;
      return true;
    }
    if (errno != EEXIST) return false;
  }
  return false;
}

void AtomicFile::copy_to_stream() {
  if (spool_ < 0) return;
  open_stream();
  std::fflush(stdout);
  std::string part(std::size_t{1} << 16, '\0');
  for (off_t at = 0;;) {
    const ssize_t got = ::pread(spool_, part.data(), part.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(errno);
    if (got == 0) return;
    write_to(descriptor_, std::string_view(part).substr(0, static_cast<std::size_t>(got)));
    at += got;
  }
}

void AtomicFile::read_at(std::size_t offset, std::string& to) const {
  read_back(spool_ >= 0 ? spool_ : descriptor_, offset, to, path_);
}

// Checks before the file takes its name that all bytes are on disk and that no input file has
// changed meanwhile.
void AtomicFile::prepare() {
  check_mapped_files();
  if (fsync_all(descriptor_) != 0) fail(errno);
}

void AtomicFile::finish() {
  has_name_ = true;
  temporary_.clear();
  close();
  if (!sync_folder(target_.parent_path())) fail(EIO);
}

void AtomicFile::commit() {
  if (kind_ == Kind::stream) {
    copy_to_stream();
    return close();
  }
  prepare();
  if (temporary_.empty() && !give_temporary_name()) fail(errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  finish();
}

void AtomicFile::commit_new() {
  if (kind_ == Kind::stream) return commit();
  prepare();
  const bool named = temporary_.empty() ? link_nameless(descriptor_, target_.c_str())
                                        : rename_new(temporary_.c_str(), target_.c_str());
  if (!named) {
    if (errno != EEXIST) fail(errno);
    throw Error(path_.string() + ": has appeared in the meantime; nothing is overwritten");
  }
  finish();
}

bool is_temporary_name(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::size_t mark = name.rfind(kMark);
  if (mark == name.npos || mark < 2 || name.front() != '.') return false;
  const std::string letters = name.substr(mark + kMark.size());
  return letters.size() == kLetters &&
         std::all_of(letters.begin(), letters.end(),
                     [](unsigned char letter) { return std::isalnum(letter) != 0; });
}

void check_writable(const fs::path& path) { const AtomicFile probe(path); }

void write_file(const fs::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

}  // namespace fer
