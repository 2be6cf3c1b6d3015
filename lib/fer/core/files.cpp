#include "fer/core/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <utility>

#include "fer/core/descriptor_io.h"
#include "fer/core/error.h"
#include "fer/core/fenced_page.h"
#include "fer/core/mapped_ranges.h"
#include "fer/core/output_place.h"

namespace fer {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int code) {
  throw Error(path.string() + ": " + what + ": " + std::strerror(code));
}

// A descriptor that is closed when the scope ends.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

// Created folders: those not yet logged, and all.
class MadeFolders {
 public:
  void add(const std::filesystem::path& folder) {
    const std::lock_guard lock(mutex_);
    const auto holds = [&](const auto& other) { return lies_in(folder, other); };
    if (std::any_of(all_.begin(), all_.end(), holds)) return;
    all_.push_back(folder);
    new_.push_back(folder);
  }

  std::vector<std::filesystem::path> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(new_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::filesystem::path> all_, new_;
};

MadeFolders& made_folders() {
  static MadeFolders folders;
  return folders;
}

}  // namespace

void make_folders(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> missing;
  std::filesystem::path there = folder;
  std::error_code code;
  // "a/b/" names a/b, too.
  if (!there.has_filename()) there = there.parent_path();
  for (; !there.empty() && !std::filesystem::exists(there, code); there = there.parent_path()) {
    if (code) break;
    missing.push_back(there);
    if (there == there.parent_path()) break;
  }
  const auto cannot = [&](const std::string& why) {
    return Error(folder.string() + ": the folder cannot be made: " + why);
  };
  if (!there.empty() && !std::filesystem::is_directory(there, code)) {
    throw cannot(there.string() + (code ? ": " + code.message() : " is a file"));
  }
  for (auto next = missing.rbegin(); next != missing.rend(); ++next) {
    if (::mkdir(next->c_str(), 0777) != 0 && errno != EEXIST) {
      throw cannot(refusal(next->parent_path(), errno));
    }
    if (!sync_folder(next->parent_path())) throw cannot(std::strerror(EIO));
  }
  if (!missing.empty()) made_folders().add(missing.back());
}

std::vector<std::filesystem::path> take_made_folders() { return made_folders().take(); }

bool path_exists(const std::filesystem::path& path) {
  std::error_code code;
  const bool there = std::filesystem::exists(path, code);
  if (code) throw Error(path.string() + ": cannot be looked at: " + code.message());
  return there;
}

std::string read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const OpenedFile opened = open_for_reading(path);
  const Descriptor descriptor(opened.descriptor);
  if (opened.size > max_bytes) {
    throw Error(path.string() + ": has " + std::to_string(opened.size) + " bytes; at most " +
                std::to_string(max_bytes) + " are allowed here");
  }
  std::string content(opened.size, '\0');
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t got = ::read(descriptor.get(), content.data() + done, content.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "cannot be read", errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  content.resize(done);
  return content;
}

MappedFile::MappedFile(const std::filesystem::path& path) {
  const OpenedFile opened = open_for_reading(path);
  const Descriptor descriptor(opened.descriptor);
  if (opened.size == 0) return;
  // The pages of a file up to this size are loaded at once, because faulting them in one by one
  // costs more than parsing them. A larger file may be refused because of its first bytes.
  constexpr std::size_t kMostAtOnce = std::size_t{2} << 30;
  const int populate = opened.size <= kMostAtOnce ? MAP_POPULATE : 0;
  void* address =
      ::mmap(nullptr, opened.size, PROT_READ, MAP_PRIVATE | populate, descriptor.get(), 0);
  if (address == MAP_FAILED) fail(path, "cannot be mapped", errno);
  ::madvise(address, opened.size, MADV_SEQUENTIAL);
  record_mapped_range(path, address, opened.info);
  data_ = static_cast<const char*>(address);
  size_ = opened.size;
  fence_rest_of_page(data_ + size_, false);
}

MappedFile::~MappedFile() {
  if (data_ == nullptr) return;
  forget_mapped_range(data_);
  fence_rest_of_page(data_ + size_, true);
  ::munmap(const_cast<char*>(data_), size_);
}

std::string as_file_name(std::string_view text) {
  std::string name(text);
  std::replace(name.begin(), name.end(), '/', '_');
  if (name.empty() || name.front() == '.') name.insert(0, "_");
  return name;
}

}  // namespace fer
