// Logs a line for each request, without pictures, tokens and queries.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <thread>

namespace fer::serve {

enum class AccessFormat { text, json, none };
std::span<const std::string_view> choice_names(AccessFormat);

struct AccessRecord {
  std::string client;  // its address, or "-"
  std::string method, path;
  int status = 0;
  std::size_t received = 0, sent = 0;  // bytes of the bodies
  double seconds = 0.0;  // from the first byte of the request to the end of the answer
};

// "2026-11-28T20:15:51.123Z 127.0.0.1 POST /v1/predict 200 81234 612 0.023" or the same as JSON.
std::string access_line(const AccessRecord& record, AccessFormat format, std::string_view time);

// A separate thread writes the lines, so that a slow reader of the log delays no request. If more
// than 10,000 wait, the newest are dropped, and a line reports their number.
class AccessLog {
 public:
  AccessLog(std::ostream& output, AccessFormat format);
  ~AccessLog();  // waits until all lines are written
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  void write(const AccessRecord& record);

 private:
  void work();

  std::ostream& output_;
  AccessFormat format_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::string> lines_;
  std::size_t left_out_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace fer::serve
