#include "fer/nn/net_options.h"

namespace fer {

void NetOptions::visit(OptionVisitor& visitor) {
  visitor.field(Field("width", "Factor on the channels of every layer; rounded to multiples of 8")
                    .fixed_on_resume()
                    .range(0.1, 2),
                width);
  visitor.field(Field("stem_stride", "Stride of the first convolution; 0 leaves it to the network")
                    .fixed_on_resume()
                    .range(0, 2),
                stem_stride);
  visitor.field(Field("se", "Squeeze-and-excitation in each residual block (Hu et al. 2018)")
                    .fixed_on_resume()
                    .one_of({"auto", "on", "off"}),
                se);
  visitor.field(Field("shortcut",
                      "How a shortcut halves the resolution: a strided convolution, or "
                      "ResNet-D's average pooling before it (He et al. 2019)")
                    .fixed_on_resume()
                    .one_of({"auto", "stride", "pool"}),
                shortcut);
  visitor.field(Field("downsample",
                      "How a block halves the resolution: a strided convolution, or "
                      "one with anti-aliased pooling behind it (Zhang 2019)")
                    .fixed_on_resume()
                    .one_of({"auto", "stride", "blur"}),
                downsample);
  visitor.field(Field("block",
                      "Residual blocks normalise after the convolution (He et al. 2016a) "
                      "or before it (He et al. 2016b)")
                    .fixed_on_resume()
                    .one_of({"auto", "post", "pre"}),
                block);
  visitor.field(Field("drop_path",
                      "Stochastic depth: chance that the last residual block is "
                      "skipped in a step, less for earlier ones (Huang et al. 2016)")
                    .range(0, 0.9),
                drop_path);
  visitor.field(Field("dropout",
                      "Share of features dropped before the logits; -1 leaves it to the "
                      "network")
                    .range(-1, 0.95),
                dropout);
}

}  // namespace fer
