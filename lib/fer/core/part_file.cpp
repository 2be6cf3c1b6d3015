#include "fer/core/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "fer/core/atomic_file.h"
#include "fer/core/descriptor_io.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/mapped_ranges.h"
#include "fer/core/output_place.h"

namespace fer {

namespace {

using nlohmann::json;

constexpr std::size_t kMostState = 64u << 20;

}  // namespace

PartFile::PartFile(std::filesystem::path path, const std::string& identity, std::size_t size)
    : path_(std::move(path)),
      part_(path_.string() + ".part"),
      state_(path_.string() + ".part.state"),
      identity_(identity),
      size_(size) {
  if (!path_.parent_path().empty()) make_folders(path_.parent_path());
  if (path_exists(part_) && !path_exists(state_)) {
    throw Error(part_.string() + ": is there, without its " + state_.filename().string() +
                ", and may be somebody's; move it away");
  }
  // The state file comes first: a part without one was not made here.
  if (!path_exists(state_)) write_file(state_, "{}\n");
  descriptor_ = ::open(part_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    throw Error(path_.string() + ": cannot be written: " + refusal(part_.parent_path(), errno));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    throw Error(part_.string() + ": is being written by another program");
  }
  ::fchmod(descriptor_, 0644);
  if (go_on()) return;
  saved_.clear();
  write_file(state_, "{}\n");
  // Sets the whole size (no space is reserved yet), without a byte of an earlier part.
  if (::ftruncate(descriptor_, 0) != 0 ||
      ::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) {
    const int code = errno;
    ::close(descriptor_);
    fail(code);
  }
}

PartFile::~PartFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

// Whether the existing part is a beginning of the same file.
bool PartFile::go_on() {
  struct stat info {};
  if (::fstat(descriptor_, &info) != 0 || static_cast<std::size_t>(info.st_size) != size_) {
    return false;
  }
  const json state = parse_json(read_file(state_, kMostState));
  const auto text = [&](const char* key) {
    const bool there = state.is_object() && state.contains(key) && state.at(key).is_string();
    return there ? state.at(key).get<std::string>() : std::string();
  };
  if (text("identity") != identity_) return false;
  saved_ = text("state");
  return !saved_.empty();
}

void PartFile::fail(int code) const {
  throw Error(path_.string() + ": cannot be written: " + std::strerror(code));
}

void PartFile::write_at(std::size_t offset, std::string_view bytes) {
  if (!write_all_at(descriptor_, offset, bytes)) fail(errno);
}

void PartFile::read_at(std::size_t offset, std::string& to) const {
  read_back(descriptor_, offset, to, path_);
}

void PartFile::save(const std::string& state) {
  if (::fdatasync(descriptor_) != 0) fail(errno);
  write_file(state_, json{{"identity", identity_}, {"state", state}}.dump() + "\n");
  saved_ = state;
}

void PartFile::commit_new() {
  check_mapped_files();
  if (::fsync(descriptor_) != 0) fail(errno);
  rename_new_file(part_, path_);
  std::error_code ignored;
  std::filesystem::remove(state_, ignored);
}

void PartFile::remove() {
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
  std::filesystem::remove(state_, ignored);
}

}  // namespace fer
