// Faces with landmarks by YuNet: W. Wu, H. Peng and S. Yu, "YuNet: A Tiny Millisecond-level Face
// Detector", Machine Intelligence Research 20, 2023; files of libfacedetection.train and of
// OpenCV's model zoo (2023), whose outputs are cls_8 … kps_32.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fer/detect/detector.h"
#include "fer/detect/face_candidates.h"
#include "fer/detect/onnx_network.h"

namespace fer::detect {

// The outputs for an input of side x side, in decode_yunet's order: cls, obj, bbox and kps (1, 1, 4
// and 10 numbers a cell), each for strides 8, 16 and 32.
std::vector<ExpectedOutput> yunet_outputs(int side);

// Every cell whose score is at least `least_score`, in pixels of the input, overlaps included. A
// cell's score is sqrt(cls * obj), its box has the centre (cell + offset) * stride and the size
// exp(.) * stride, its landmarks are (cell + offset) * stride.
std::vector<FaceCandidate> decode_yunet(std::span<const cv::Mat> outputs, int side,
                                        double least_score);

class YunetDetector final : public Detector {
 public:
  // The input has the size that the file gives. @throws fer::Error where the file is missing,
  // broken or no YuNet, and for bfloat16 on a processor without it.
  explicit YunetDetector(const std::filesystem::path& model,
                         runtime::Precision precision = runtime::Precision::float32);

  std::vector<DetectedFace> detect(const cv::Mat& bgr) override;
  int input_side() const override { return side_; }
  std::function<std::unique_ptr<Detector>()> copies() const override { return copies_of(*this); }
  int least_face(const cv::Size& picture) const override {
    return std::max(picture.width, picture.height) * kLeastFace / side_;
  }

 private:
  static constexpr int kLeastFace = 14;  // pixels of the input

  int side_ = 0;
  std::optional<OnnxNetwork> network_;
};

}  // namespace fer::detect
