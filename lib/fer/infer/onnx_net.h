// A convolutional network read from an ONNX file. LibTorch runs it on the CPU, two to three times
// as fast as OpenCV 4.6.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fer/infer/onnx_file.h"

namespace fer::infer {

// Interleaved 8-bit pixels, [height,width,channels] in one piece; borrowed.
struct PixelView {
  const std::uint8_t* data = nullptr;
  std::int64_t height = 0, width = 0, channels = 0;
};

class OnnxNet {
 public:
  // Null where the network has a node of another kind than these: Conv, ConvTranspose whose windows
  // do not overlap, BatchNormalization behind either, Relu, Add and Sigmoid.
  static std::unique_ptr<OnnxNet> make(const OnnxFile& file);

  ~OnnxNet();
  OnnxNet(const OnnxNet&) = delete;
  OnnxNet& operator=(const OnnxNet&) = delete;

  // Grey levels 0 to 255 as floats in, the outputs of these names out. Safe to call from several
  // threads at once. @throws fer::Error where sizes do not fit each other, or nothing has that name.
  std::vector<OnnxTensor> run(const PixelView& image, std::span<const std::string> outputs) const;

 private:
  struct Parts;
  explicit OnnxNet(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace fer::infer
