from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.t = nn.Transformer(8, 2, num_encoder_layers=2, num_decoder_layers=1, dim_feedforward=8)
        layer = nn.TransformerDecoderLayer(8, 2, 8)
        self.d = nn.TransformerDecoder(layer, 2, norm=nn.LayerNorm((8,)))


net = Net()
optimizer = nn.SGD(net.trainable_params(), 0.1)
