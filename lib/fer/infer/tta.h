// Test-time augmentation: several views of one face.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace fer::infer {

// The modes there are, from the cheapest:
//   none      1 view: the images
//   flip      2 views: the images and their mirror images
//   shifts   10 views: the images, and these shifted by 2 pixels up, down, left and right, the
//            border repeated; then the mirror images of these five
//   ten-crop 10 views: without 4 pixels of the height and of the width, all of them at the opposite
//            border (four corners) or half of them at either (centre), scaled back bilinearly; then
//            the mirror images of these five (Krizhevsky et al., "ImageNet Classification with Deep
//            Convolutional Neural Networks", 2012, section 4.1, whose crops are 224 of 256 pixels)
const std::vector<std::string>& tta_modes();

// The views of a batch, over which probabilities are averaged. images: uint8 or float [N,H,W], grey
// levels 0-255, any device, H and W above 4 -> as many tensors [N,H,W] on that device as the mode
// has views: of the images' type, float32 for the crops, which have levels in between. A mirror
// image has the same views as the image, in another order. @throws fer::Error for an unknown mode.
std::vector<at::Tensor> tta_views(const at::Tensor& images, const std::string& mode);

}  // namespace fer::infer
