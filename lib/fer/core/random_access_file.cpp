#include "fer/core/random_access_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fer/core/error.h"
#include "fer/core/mapped_ranges.h"

namespace fer {

std::string file_identity(const std::string& path, const struct stat& info) {
  return path + '\n' + std::to_string(info.st_size) + ' ' + std::to_string(info.st_mtim.tv_sec) +
         '.' + std::to_string(info.st_mtim.tv_nsec) + '\n';
}

RandomAccessFile::RandomAccessFile(const std::filesystem::path& path) : path_(path.string()) {
  // Not blocking: opening a named pipe would wait for its writer instead of being refused below.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) throw Error(path_ + ": cannot be read: " + std::strerror(errno));
  struct stat info {};
  if (::fstat(descriptor_, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(descriptor_);
    throw Error(path_ + ": is not a file");
  }
  size_ = static_cast<std::size_t>(info.st_size);
  identity_ = file_identity(path_, info);
  note_open_file(path, this, info);
}

RandomAccessFile::~RandomAccessFile() {
  forget_open_file(this);
  ::close(descriptor_);
}

void RandomAccessFile::read(std::size_t offset, std::span<std::uint8_t> to) const {
  std::size_t done = 0;
  while (done < to.size()) {
    const ssize_t got =
        ::pread(descriptor_, to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(path_ + ": cannot be read: " + std::strerror(errno));
    if (got == 0) throw Error(path_ + ": was made shorter while it was read");
    done += static_cast<std::size_t>(got);
  }
}

void RandomAccessFile::expect(std::size_t offset, std::size_t bytes) const {
  ::posix_fadvise(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(bytes),
                  POSIX_FADV_WILLNEED);
}

}  // namespace fer
