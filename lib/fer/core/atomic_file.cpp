#include "fer/core/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/output_place.h"

namespace fer {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kForAllToRead = 0644;

// ".NAME.XXXXXX", of a NAME that is cut so that this is no longer than names may be.
std::string temporary_template(const fs::path& folder, const fs::path& name) {
  constexpr std::size_t kLongest = 200;
  return (folder / ("." + name.string().substr(0, kLongest) + ".XXXXXX")).string();
}

// A file without a name, -1 with errno where there are none.
int open_nameless(const fs::path& folder) {
  if (::access("/proc/self/fd", X_OK) != 0) {  // by which it is given its name
    errno = EOPNOTSUPP;
    return -1;
  }
  const char* const where = folder.empty() ? "." : folder.c_str();
  return ::open(where, O_TMPFILE | O_WRONLY | O_CLOEXEC, kForAllToRead);
}

bool link_nameless(int descriptor, const char* to) {
  const std::string from = "/proc/self/fd/" + std::to_string(descriptor);
  return ::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to, AT_SYMLINK_FOLLOW) == 0;
}

// Gives the file that name unless there is one of that name; false with errno otherwise.
bool rename_new(const char* from, const char* to) {
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  // A file system without that flag, such as NFS. A second name is refused, too, where there is
  // one.
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

// The name of a new file is durable once its folder is. Some file systems cannot do that.
bool sync_folder(const fs::path& folder) {
  const char* const where = folder.empty() ? "." : folder.c_str();
  const int descriptor = ::open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return true;  // may be written to and not read
  const bool done = fsync_all(descriptor) == 0 || errno != EIO;
  ::close(descriptor);
  return done;
}

// What is there and no file: an error where it cannot be written to as a stream.
void check_stream(const fs::path& path, const fs::path& target, fs::file_type type) {
  const auto cannot = [&](const std::string& why) {
    return Error(path.string() + ": cannot be written: " + why);
  };
  if (type == fs::file_type::block) throw cannot("is a disk, not a file");
  if (type == fs::file_type::socket) throw cannot("is a socket, not a file");
  if (::access(target.c_str(), W_OK) != 0) throw cannot(std::strerror(errno));
}

}  // namespace

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
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
  throw Error(path_.string() + ": cannot be written: " + std::strerror(code));
}

void AtomicFile::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
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

// Not before there is something to write: a named pipe's reader would see its end otherwise.
void AtomicFile::open_stream() {
  if (descriptor_ >= 0) return;
  descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor_ < 0) fail(errno);
}

void AtomicFile::write(std::string_view bytes) {
  if (direct()) {
    open_stream();
    std::fflush(stdout);  // what was told on the same stream before comes before
  }
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

// False with errno where no name is free or can be given.
bool AtomicFile::give_temporary_name() {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    std::string name = temporary_template(target_.parent_path(), target_.filename());
    // The name alone is wanted: it may be taken by another one again, so that it is tried anew.
    const int taken = ::mkostemp(name.data(), O_CLOEXEC);
    if (taken < 0) return false;
    ::close(taken);
    ::unlink(name.c_str());
    if (link_nameless(descriptor_, name.c_str())) {
      temporary_ = name;
      return true;
    }
    if (errno != EEXIST) return false;
  }
  return false;
}

const fs::path& AtomicFile::temporary_path() {
  if (!temporary_.empty()) return temporary_;
  if (!direct()) {
    if (!give_temporary_name()) fail(errno);
    return temporary_;
  }
  std::error_code code;
  const fs::path folder = fs::temp_directory_path(code);
  std::string name = temporary_template(code ? "/tmp" : folder, target_.filename());
  const int made = ::mkostemp(name.data(), O_CLOEXEC);
  if (made < 0) throw Error(name + ": cannot be written: " + std::strerror(errno));
  ::close(made);
  return temporary_ = name;
}

void AtomicFile::copy_to_stream() {
  if (temporary_.empty()) return;
  const MappedFile spooled(temporary_);
  write(spooled.bytes());
}

void AtomicFile::sync() {
  if (fsync_all(descriptor_) != 0) fail(errno);
}

void AtomicFile::commit() {
  if (direct()) {
    copy_to_stream();
    return close();
  }
  sync();
  if (temporary_.empty() && !give_temporary_name()) fail(errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  temporary_.clear();
  close();
  if (!sync_folder(target_.parent_path())) fail(EIO);
}

void AtomicFile::commit_new() {
  if (direct()) return commit();
  sync();
  const bool named = temporary_.empty() ? link_nameless(descriptor_, target_.c_str())
                                        : rename_new(temporary_.c_str(), target_.c_str());
  if (!named) {
    if (errno != EEXIST) fail(errno);
    throw Error(path_.string() + ": has appeared in the meantime; nothing is overwritten");
  }
  temporary_.clear();
  close();
  if (!sync_folder(target_.parent_path())) fail(EIO);
}

void write_new_file(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  AtomicFile file(path);
  write(file.temporary_path());
  file.commit_new();
}

void check_writable(const fs::path& path) { const AtomicFile probe(path); }

void write_file(const fs::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

}  // namespace fer
