#include "fer/core/mapped_ranges.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "fer/core/error.h"

namespace fer {

namespace {

// The most files whose names the signal handler knows. It may take no lock and allocate nothing, so
// they stand in fixed places. With more files the message may lack the name.
constexpr std::size_t kRanges = 64;
constexpr std::size_t kLongestName = 1024;

struct Range {
  std::atomic<std::uintptr_t> begin{0};  // 0: free
  std::uintptr_t end = 0;                // equal to begin: not mapped
  struct stat file = {};
  std::array<char, kLongestName> path{};
};

std::array<Range, kRanges>& ranges() {
  static std::array<Range, kRanges> all;
  return all;
}

std::mutex& ranges_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::atomic<const char*> program_name{""};

// Whether the mapped file itself has changed; its path may name another file by now.
bool is_changed(const char* path, const struct stat& then) {
  struct stat now {};
  if (::stat(path, &now) != 0) return false;
  if (now.st_dev != then.st_dev || now.st_ino != then.st_ino) return false;
  return now.st_size != then.st_size || now.st_mtim.tv_sec != then.st_mtim.tv_sec ||
         now.st_mtim.tv_nsec != then.st_mtim.tv_nsec;
}

void say(const char* text) {
  const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
  static_cast<void>(written);  // no other place for the message is left
}

const char* path_of(std::uintptr_t address) {
  for (const Range& range : ranges()) {
    const std::uintptr_t begin = range.begin.load(std::memory_order_acquire);
    if (begin != 0 && begin <= address && address < range.end) return range.path.data();
  }
  return nullptr;
}

void on_bus_error(int signal, siginfo_t* info, void* /*context*/) {
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  const char* const path = path_of(address);
  if (path == nullptr) {  // none of our mappings: die as without a handler
    std::signal(signal, SIG_DFL);
    ::raise(signal);
    return;
  }
  say(program_name.load());
  say(": error: ");
  say(path);
  say(": was made shorter while it was read\n");
  ::_exit(1);
}

// Files that are open and not mapped, by their reader. The signal handler does not need them, so
// their number is not limited.
struct OpenFile {
  std::string path;
  struct stat file = {};
};

std::map<const void*, OpenFile>& open_files() {
  static std::map<const void*, OpenFile> all;
  return all;
}

[[noreturn]] void fail_as_changed(const std::string& path) {
  throw Error(path + ": was changed while it was read; what was made of it may be wrong");
}

}  // namespace

void record_mapped_range(const std::filesystem::path& path, const void* begin,
                         const struct stat& file) {
  const std::lock_guard lock(ranges_mutex());
  for (Range& range : ranges()) {
    if (range.begin.load(std::memory_order_relaxed) != 0) continue;
    std::strncpy(range.path.data(), path.c_str(), kLongestName - 1);
    range.end = reinterpret_cast<std::uintptr_t>(begin) + static_cast<std::size_t>(file.st_size);
    range.file = file;
    range.begin.store(reinterpret_cast<std::uintptr_t>(begin), std::memory_order_release);
    return;
  }
}

void forget_mapped_range(const void* begin) {
  const std::lock_guard lock(ranges_mutex());
  for (Range& range : ranges()) {
    if (range.begin.load(std::memory_order_relaxed) == reinterpret_cast<std::uintptr_t>(begin)) {
      range.begin.store(0, std::memory_order_release);
    }
  }
}

void record_open_file(const std::filesystem::path& path, const void* reader,
                      const struct stat& file) {
  const std::lock_guard lock(ranges_mutex());
  open_files()[reader] = {path.string(), file};
}

void forget_open_file(const void* reader) {
  const std::lock_guard lock(ranges_mutex());
  open_files().erase(reader);
}

void check_mapped_files() {
  const std::lock_guard lock(ranges_mutex());
  for (const Range& range : ranges()) {
    if (range.begin.load(std::memory_order_relaxed) == 0) continue;
    if (is_changed(range.path.data(), range.file)) fail_as_changed(range.path.data());
  }
  for (const auto& [reader, open] : open_files()) {
    if (is_changed(open.path.c_str(), open.file)) fail_as_changed(open.path);
  }
}

void report_shortened_files(const char* program) {
  ranges();  // created before the handler may need them
  program_name = program;
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &action, nullptr);
}

}  // namespace fer
