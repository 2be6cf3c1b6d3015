#include "fer/core/random_access_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fer/core/descriptor_io.h"
#include "fer/core/error.h"
#include "fer/core/mapped_ranges.h"

namespace fer {

std::string file_identity(const std::string& path, const struct stat& info) {
  return path + '\n' + std::to_string(info.st_size) + ' ' + std::to_string(info.st_mtim.tv_sec) +
         '.' + std::to_string(info.st_mtim.tv_nsec) + '\n';
}

RandomAccessFile::RandomAccessFile(const std::filesystem::path& path) : path_(path.string()) {
  const OpenedFile file = open_for_reading(path);
  descriptor_ = file.descriptor;
  size_ = file.size;
  identity_ = file_identity(path_, file.info);
  record_open_file(path, this, file.info);
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
