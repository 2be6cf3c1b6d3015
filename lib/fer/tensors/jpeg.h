// Computes the effect of JPEG compression on a face without a codec.
#pragma once

#include <ATen/core/Tensor.h>

namespace fer::tensors {

// Grey levels after being written as baseline JPEG and read again. Only one step of JPEG loses
// anything: the cosine coefficients of each 8x8 block are rounded to multiples of a table (ITU-T
// T.81, 1992, annex A.3.3 and A.3.4, table K.1; scaled by quality as libjpeg does, which OpenCV and
// Pillow use). What follows it is exact and left out, so that no codec is needed and a whole batch
// is done at once. Codecs that compute in integers, libjpeg among them, now and then round a
// coefficient near the middle of two multiples to the other one (in one of ten blocks at quality
// 65). In all other blocks their levels are the same to within 1.
//
// levels: float [N,H,W], 0-255, H and W multiples of 8, any device -> float32 [N,H,W] there, whole
// numbers 0-255. quality: 1 to 100, libjpeg's. Other sizes and qualities are not allowed. The
// result of an image does not depend on the rest of the batch.
at::Tensor through_jpeg(const at::Tensor& levels, int quality);

}  // namespace fer::tensors
