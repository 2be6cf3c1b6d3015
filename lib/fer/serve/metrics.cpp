#include "fer/serve/metrics.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "fer/core/text.h"
#include "fer/core/version.h"

namespace fer::serve {

namespace {

constexpr std::array<const char*, 6> kStageNames = {"read",   "wait",     "decode",
                                                    "detect", "classify", "finish"};

std::vector<double> second_bounds() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0};
}

// A label's value with backslash, quote and line end escaped.
std::string escaped(const std::string& value) {
  std::string text;
  for (const char letter : value) {
    if (letter == '\n') {
      text += "\\n";
    } else {
      if (letter == '\\' || letter == '"') text += '\\';
      text += letter;
    }
  }
  return text;
}

std::string head(const std::string& name, const char* type, const std::string& help) {
  return "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

std::string single(const std::string& name, const char* type, const std::string& help,
                   double value) {
  return head(name, type, help) + name + " " + shortest(value) + "\n";
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double size = 0.0, resident = 0.0;
  file >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_files() {
  std::error_code code;
  double count = 0.0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", code), end; !code && at != end;
       at.increment(code)) {
    ++count;
  }
  return count;
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::add(double value) {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  const std::lock_guard lock(mutex_);
  ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
  sum_ += value;
}

std::string Histogram::text(const std::string& name, const std::string& labels) const {
  const std::lock_guard lock(mutex_);
  const std::string comma = labels.empty() ? "" : labels + ",";
  const std::string own = labels.empty() ? "" : "{" + labels + "}";
  std::string text;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    sum += counts_[i];
    text += name + "_bucket{" + comma + "le=\"" +
            (i < bounds_.size() ? shortest(bounds_[i]) : "+Inf") + "\"} " + std::to_string(sum) +
            "\n";
  }
  return text + name + "_sum" + own + " " + shortest(sum_) + "\n" + name + "_count" + own + " " +
         std::to_string(sum) + "\n";
}

Metrics::Metrics()
    : requests_seconds_(second_bounds()),
      stages_{Histogram(second_bounds()), Histogram(second_bounds()), Histogram(second_bounds()),
              Histogram(second_bounds()), Histogram(second_bounds()), Histogram(second_bounds())},
      batches_({1, 2, 4, 8, 16, 32, 64, 128, 256}) {}

void Metrics::request(const std::string& route, int status, double seconds) {
  constexpr double kShare = 0.05;  // weight of the latest request in the mean
  requests_seconds_.add(seconds);
  if (status < 400) usual_s_ = usual_s_ + kShare * (seconds - usual_s_);
  const std::lock_guard lock(mutex_);
  ++requests_[{route, status}];
}

void Metrics::face(const std::string& label) {
  const std::lock_guard lock(mutex_);
  ++faces_[label];
}

std::string Metrics::text(const Gauges& gauges) const {
  std::string text = head("fer_build_info", "gauge", "The version that runs.") +
                     "fer_build_info{version=\"" + escaped(version()) + "\"} 1\n";
  text += head("fer_requests_total", "counter", "Requests by route and status code.");
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, count] : requests_) {
      text += "fer_requests_total{route=\"" + escaped(key.first) + "\",code=\"" +
              std::to_string(key.second) + "\"} " + std::to_string(count) + "\n";
    }
    text += head("fer_faces_total", "counter", "Faces that were classified, by their label.");
    for (const auto& [label, count] : faces_) {
      text += "fer_faces_total{label=\"" + escaped(label) + "\"} " + std::to_string(count) + "\n";
    }
  }
  text += head("fer_request_seconds", "histogram",
               "Seconds from the first byte of a request to the start of its answer.");
  text += requests_seconds_.text("fer_request_seconds", "");
  text += head("fer_stage_seconds", "histogram", "Seconds by stage.");
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    text += stages_[i].text("fer_stage_seconds", "stage=\"" + std::string(kStageNames[i]) + "\"");
  }
  text += head("fer_batch_faces", "histogram", "Faces that were classified together.");
  text += batches_.text("fer_batch_faces", "");
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  text += single("fer_queue_length", "gauge", "Requests that are worked on or wait for it.",
                 number(gauges.queue));
  text += single("fer_connections", "gauge", "Open connections.", number(gauges.connections));
  text += single("fer_connections_refused_total", "counter",
                 "Connections that were closed at once, for want of room.", number(refused_));
  text += single("fer_streams", "gauge", "Open streams.", number(gauges.streams));
  text += single("fer_stream_frames_total", "counter", "Frames of streams that were answered.",
                 number(frames_));
  text += single("fer_stream_frames_dropped_total", "counter",
                 "Frames of streams that gave way to newer ones.", number(dropped_));
  text += single("fer_held_body_bytes", "gauge", "Bytes of request bodies in memory.",
                 number(gauges.held_bytes));
  text += head("fer_reloads_total", "counter", "Times the models were loaded anew.");
  text += "fer_reloads_total{result=\"done\"} " + std::to_string(reloads_) + "\n";
  text += "fer_reloads_total{result=\"failed\"} " + std::to_string(failed_reloads_) + "\n";
  text += single("process_resident_memory_bytes", "gauge", "Resident memory.", resident_bytes());
  text += single("process_open_fds", "gauge", "Open file descriptors.", open_files());
  text += single("process_start_time_seconds", "gauge", "Start of the process, seconds since 1970.",
                 std::chrono::duration<double>(start_.time_since_epoch()).count());
  return text;
}

}  // namespace fer::serve
