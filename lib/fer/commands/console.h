// How a command talks to the person who started it. The library never prints by itself: results go
// to `results()`, everything else through the notices below; the programs in apps/ decide how both
// look (spdlog, progress bar, colours), tests read them back.
#pragma once

#include <atomic>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace fer {

// One step of long work: `done` of `total` steps; `detail` is a short text such as
// "loss 1.234  acc 51.2 %".
struct Progress {
  std::string title;
  std::int64_t done = 0;
  std::int64_t total = 0;
  double units_per_second = 0.0;
  std::string unit;  // what is counted a second: "images"
  double seconds_left = 0.0;
  std::string detail;
};

class Console {
 public:
  virtual ~Console() = default;

  virtual std::ostream& results() = 0;  // stdout

  virtual void debug(std::string_view message) = 0;
  virtual void info(std::string_view message) = 0;
  virtual void warn(std::string_view message) = 0;
  virtual void progress(const Progress& progress) = 0;
  // Ends the progress display, so that the next line starts on a fresh one.
  virtual void progress_done() = 0;

  // From now on notices are also written, without colour, to this file.
  virtual void log_to(const std::string& path) = 0;

  // Set by Ctrl-C (SIGINT) or SIGTERM: finish the piece of work in hand, save, return.
  virtual const std::atomic<bool>& stop_requested() const = 0;

  // Whether a person looks at stdout on a terminal that shows colours.
  virtual bool colour() const = 0;
};

}  // namespace fer
