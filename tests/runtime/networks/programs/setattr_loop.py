from mindspore import nn


class Net(nn.Cell):
    def __init__(self, depths=(1, 2)):
        super().__init__()
        for stage, depth in enumerate(depths):
            for block in range(depth):
                setattr(self, f"stage{stage}_{block}", nn.Conv2d(1, 1, 3, has_bias=stage > 0))
        for name in ["x", "y"]:
            self.__setattr__(name, nn.Dense(1, 1))


net = Net()
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
