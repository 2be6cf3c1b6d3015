// Where annotated pictures go: a picture file, a video file, or a folder of both.
#pragma once

#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>

#include "fer/source/source.h"

namespace fer::output {

class AnnotatedOutput {
 public:
  virtual ~AnnotatedOutput() = default;  // closes what finish() has not

  // `picture`: 8-bit BGR, the annotated frame. A still picture is written whole or not at all; a
  // video grows with its frames. @throws fer::Error naming the file that cannot be written.
  virtual void write(const source::Frame& frame, const cv::Mat& picture) = 0;

  // Completes a video. @throws fer::Error where that fails.
  virtual void finish() {}
};

// Opens the output that fits the sources. `kind`: what the sources are together. It is a folder for
// several files, and where `path` is a folder or ends with '/'; else it is a file, which replaces
// one of that name. In a folder each file is named after its source, with "-2", "-3", … where there
// is a file of that name already.
// @throws fer::Error for a file name whose extension is not one that can be written (naming those
// that are).
std::unique_ptr<AnnotatedOutput> open_annotated_output(const std::filesystem::path& path,
                                                       source::SourceKind kind);

}  // namespace fer::output
