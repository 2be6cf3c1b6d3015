// Where annotated pictures go: a picture file, a video file, or a folder of both.
#pragma once

#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>

#include "fer/source/source.h"

namespace fer::output {

class AnnotatedOutput {
 public:
  virtual ~AnnotatedOutput() = default;  // closes files that finish() has not

  // `picture`: 8-bit BGR, the annotated frame. A still picture is written whole or not at all; a
  // video grows with its frames. @throws fer::Error naming a file that cannot be written.
  virtual void write(const source::Frame& frame, const cv::Mat& picture) = 0;

  // Completes a video. @throws fer::Error if that fails.
  virtual void finish() {}
};

// Opens the output that fits the sources. `kind`: of all the sources together. The output is a
// folder for several files, or if `path` is a folder or ends with '/'; otherwise it is a file,
// which replaces one of that name. In a folder each file is named after its source, with "-2",
// "-3", … if the name is taken. @throws fer::Error for a file name whose extension is not one that
// can be written (naming those that are).
std::unique_ptr<AnnotatedOutput> open_annotated_output(const std::filesystem::path& path,
                                                       source::SourceKind kind);

}  // namespace fer::output
