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

  // `picture`: 8-bit BGR, what `frame` became. A still picture is written whole or not at all; a
  // video grows with its frames. @throws fer::Error naming the file that cannot be written.
  virtual void write(const source::Frame& frame, const cv::Mat& picture) = 0;

  // Completes a video. @throws fer::Error where that fails.
  virtual void finish() {}
};

// The output that fits the sources: for `single` (the only source's kind) a file, else, or where
// `path` is a folder or ends with '/', a folder. In a folder each file is named after its source,
// with "-2", "-3", … where that name is taken; a file of that very name is replaced.
// @throws fer::Error for a file name whose extension is not one that can be written (naming those
// that are).
std::unique_ptr<AnnotatedOutput> open_annotated_output(const std::filesystem::path& path,
                                                       source::SourceKind kind);

}  // namespace fer::output
