// Where pictures come from: files, folders, patterns, videos, cameras, a list of names.
#pragma once

#include <cstdint>
#include <functional>
#include <opencv2/core/mat.hpp>
#include <string>

#include "fer/core/shard.h"

namespace fer::source {

// One picture, or why there is none.
struct Frame {
  cv::Mat image;                   // 8-bit BGR [H,W,3]; empty where `error` is set
  cv::Size size = {};              // of the picture, also once `image` was given up
  std::string source;              // path of the file or name of the camera
  std::int64_t index = 0;          // in its source, from 0
  double time_s = 0.0;             // seconds from the start of its source; 0 for a still picture
  double frames_per_second = 0.0;  // frames this source gives a second; 0 for a still picture
  std::string error;               // names the source; empty where there is a picture

  bool failed() const { return !error.empty(); }
  bool moving() const { return frames_per_second > 0.0; }
};

enum class SourceKind { image, files, video, camera };

class Source {
 public:
  virtual ~Source() = default;
  virtual SourceKind kind() const = 0;

  // The next picture or failure in `frame`, in memory of its own; false after the last one. A
  // source that breaks gives one failed frame and, where it has more to give, goes on.
  virtual bool next(Frame& frame) = 0;
};

struct SourceOptions {
  std::int64_t every = 1;  // of a video's or camera's frames take the first and every N-th after it
  bool recursive = false;  // look into the folders of a folder
  Shard shard = {};        // read only those files of folders, patterns and lists
  bool videos = true;      // of a folder read the videos, too
  double reconnect_s = 30.0;  // how long a camera or stream that breaks is tried to be opened again
  std::function<bool()> stopped = {};  // ends such waiting; asked by the thread that calls next()
  std::function<void(const std::string&)> notice = {};  // hears of breaks, on that thread; or empty
  std::function<void(const std::string&)> remark =
      {};  // hears at once what of a folder is left out
};

}  // namespace fer::source
