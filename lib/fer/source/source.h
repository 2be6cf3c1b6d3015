// The interface of sources of pictures: files, folders, patterns, videos, cameras, lists of names.
#pragma once

#include <cstdint>
#include <functional>
#include <opencv2/core/mat.hpp>
#include <string>

#include "fer/core/shard.h"

namespace fer::source {

// One picture, or the error in its place.
struct Frame {
  cv::Mat image;                   // 8-bit BGR [H,W,3]; empty if `error` is set
  cv::Size size = {};              // of the picture, also after `image` was released
  std::string source;              // path of the file or name of the camera
  std::int64_t index = 0;          // in its source, from 0
  double time_s = 0.0;             // seconds from the start of its source; 0 for a still picture
  double frames_per_second = 0.0;  // of this source; 0 for a still picture
  std::string error;               // with the source's name; empty if there is a picture

  bool failed() const { return !error.empty(); }
  bool moving() const { return frames_per_second > 0.0; }
};

enum class SourceKind { image, files, video, camera };

class Source {
 public:
  virtual ~Source() = default;
  virtual SourceKind kind() const = 0;

  // Puts the next picture or error into `frame`, in new memory; false after the last one. A source
  // that breaks gives one failed frame, and goes on if it can.
  virtual bool next(Frame& frame) = 0;
};

struct SourceOptions {
  std::int64_t every = 1;     // take every N-th frame of videos and cameras, from the first on
  bool recursive = false;     // read the folders inside a folder, too
  Shard shard = {};           // read only those files of folders, patterns and lists
  bool videos = true;         // read a folder's videos, too
  double reconnect_s = 30.0;  // how long to try to reopen a camera or stream that broke
  std::function<bool()> stopped = {};  // ends waits; called by the thread that calls next()
  // called at breaks, by that thread; may be empty
  std::function<void(const std::string&)> notice = {};
  std::function<void(const std::string&)> remark =
      {};  // called at once with what is left out of a folder
};

}  // namespace fer::source
